using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Asks the sentinels of a service which server is its primary, and hears from them when it is another one.</summary>
/// <seealso href="https://redis.io/docs/latest/develop/reference/sentinel-clients/"/>
internal sealed class RedisSentinels : IAsyncDisposable, IDisposable
{
    private static readonly RedisChannel Switched = RedisChannel.Literal("+switch-master");

    private readonly ConnectionMultiplexer _connection;
    private readonly string _service;
    private readonly TimeSpan _patience;

    private RedisSentinels(ConnectionMultiplexer connection, string service, TimeSpan patience)
    {
        _connection = connection;
        _service = service;
        _patience = patience;
    }

    /// <summary>Connects to the sentinels that a configuration names.</summary>
    /// <param name="configuration">The configuration of the service: its end points are the sentinels.</param>
    /// <param name="onSwitched">Is called when a primary was replaced.</param>
    public static async Task<RedisSentinels> ConnectAsync(ConfigurationOptions configuration, Action onSwitched)
    {
        var own = configuration.Clone();
        own.User = configuration.SentinelUser;
        own.Password = configuration.SentinelPassword;
        own.AsyncTimeout = own.SyncTimeout = own.ConnectTimeout;
        var connection = await ConnectionMultiplexer.SentinelConnectAsync(own).ConfigureAwait(false);
        try
        {
            await connection.GetSubscriber().SubscribeAsync(Switched, (_, _) => onSwitched(), CommandFlags.FireAndForget).ConfigureAwait(false);
            return new RedisSentinels(connection, configuration.ServiceName!, TimeSpan.FromMilliseconds(own.ConnectTimeout));
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The primary, as the sentinel says that knows the newest configuration.</summary>
    /// <returns>Null where no sentinel answers.</returns>
    /// <exception cref="SessionStoreConfigurationException">Sentinels answer, and none of them knows the service.</exception>
    public async Task<IPEndPoint?> FindPrimaryAsync()
    {
        var asked = _connection.GetServers().Where(server => server.IsConnected).Select(AskAsync);
        var answers = (await Task.WhenAll(asked).ConfigureAwait(false)).Where(answer => answer.Answered).ToList();
        if (answers.Count == 0)
        {
            return null;
        }

        var known = answers.Where(answer => answer.Primary is not null).ToList();
        return known.Count > 0
            ? await ResolveAsync(known.MaxBy(answer => answer.Epoch).Primary!).ConfigureAwait(false)
            : throw new SessionStoreConfigurationException(Operations.Connect, null, $"no sentinel knows a service '{_service}'.");
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    public void Dispose() => _connection.Dispose();

    private static async Task<IPEndPoint?> ResolveAsync(EndPoint endpoint)
    {
        switch (endpoint)
        {
            case IPEndPoint address:
                return address;
            case DnsEndPoint name:
                try
                {
                    var addresses = await Dns.GetHostAddressesAsync(name.Host).ConfigureAwait(false);
                    return addresses.Length > 0 ? new IPEndPoint(addresses[0], name.Port) : null;
                }
                catch (SocketException)
                {
                    return null;
                }

            default:
                return null;
        }
    }

    private async Task<(bool Answered, EndPoint? Primary, long Epoch)> AskAsync(IServer sentinel)
    {
        try
        {
            // Only the address follows a failover at once; only the other command tells how new the sentinel's knowledge is.
            var asking = sentinel.SentinelGetMasterAddressByNameAsync(_service);
            var fields = sentinel.SentinelMasterAsync(_service);
            await Task.WhenAll(asking, fields).WaitAsync(_patience, TimeProvider.System).ConfigureAwait(false);
            var epoch = Array.Find(await fields.ConfigureAwait(false), field => field.Key is "config-epoch").Value;
            return (true, await asking.ConfigureAwait(false), long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);
        }
        catch (RedisServerException)
        {
            return (true, null, 0);
        }
        catch (Exception exception) when (RedisFaults.IsFault(exception))
        {
            return (false, null, 0);
        }
    }
}
