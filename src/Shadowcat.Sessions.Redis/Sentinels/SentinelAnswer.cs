using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>What one sentinel answers about the primary of a service.</summary>
/// <param name="Fault">Why it does not answer; null where it does.</param>
/// <param name="Primary">Where the primary is; null where it does not know the service, or does not answer.</param>
/// <param name="Epoch">How new its answer is: the number grows with each failover.</param>
/// <param name="IsReplacing">Whether it is in the middle of a failover, and no other server is the primary yet.</param>
internal readonly record struct SentinelAnswer(Exception? Fault, EndPoint? Primary, long Epoch, bool IsReplacing)
{
    /// <summary>Asks a sentinel.</summary>
    /// <param name="sentinel">The sentinel.</param>
    /// <param name="service">The name of the service.</param>
    /// <param name="timeout">How long to wait for the answer.</param>
    public static async Task<SentinelAnswer> AskAsync(IServer sentinel, string service, TimeSpan timeout)
    {
        try
        {
            // Only the address follows a failover at once; only the other command says how new the sentinel's knowledge is.
            var asking = sentinel.SentinelGetMasterAddressByNameAsync(service);
            var describing = sentinel.SentinelMasterAsync(service);
            await Task.WhenAll(asking, describing).WaitAsync(timeout, TimeProvider.System).ConfigureAwait(false);
            return Of(await asking.ConfigureAwait(false), await describing.ConfigureAwait(false));
        }
        catch (RedisServerException exception) when (exception.Message.Contains("No such master", StringComparison.Ordinal))
        {
            return default;
        }
        catch (Exception exception) when (RedisFaults.IsFault(exception))
        {
            return new SentinelAnswer(exception, null, 0, false);
        }
    }

    private static SentinelAnswer Of(EndPoint? primary, KeyValuePair<string, string>[] fields)
    {
        _ = long.TryParse(Field("config-epoch"), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch);

        // The description stays that of the former primary until the failover has come to its end; the address is the new one's from its promotion on.
        var isReplacing = Field("flags").Split(',').Contains("failover_in_progress", StringComparer.Ordinal)
            && primary switch
            {
                IPEndPoint place => (place.Address.ToString(), place.Port) == (Field("ip"), Port()),
                DnsEndPoint name => (name.Host, name.Port) == (Field("ip"), Port()),
                _ => false,
            };
        return new SentinelAnswer(null, primary, epoch, isReplacing);

        string Field(string name) => Array.Find(fields, field => field.Key == name).Value ?? "";

        int Port() => int.TryParse(Field("port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0;
    }
}
