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

    private static readonly TimeSpan PauseBetweenTries = TimeSpan.FromMilliseconds(20);

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

    /// <summary>As <see cref="FindPrimaryAsync"/>, just after connecting: why a connection could not be made may come a moment after that it could not, and is waited for.</summary>
    public async Task<RedisPrimary> FindPrimaryOrReasonAsync()
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await FindPrimaryAsync().ConfigureAwait(false);
            }
            catch (RedisConnectionException exception) when (!ConnectionFaults.SaysWhy(exception) && TimeProvider.System.GetElapsedTime(begun) < _patience)
            {
                await Task.Delay(PauseBetweenTries, TimeProvider.System).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The primary, as the sentinel says that knows the newest configuration.</summary>
    /// <exception cref="RedisConnectionException">No sentinel answers.</exception>
    /// <exception cref="SessionStoreException">Sentinels answer, and none of them knows the service; or none answers, and one of them refuses the store.</exception>
    public async Task<RedisPrimary> FindPrimaryAsync()
    {
        var answers = await Task.WhenAll(_connection.GetServers().Select(AskAsync)).ConfigureAwait(false);
        if (Array.TrueForAll(answers, answer => answer.Fault is not null))
        {
            throw NoAnswer(Array.ConvertAll(answers, answer => answer.Fault!));
        }

        var newest = answers.Where(answer => answer.Primary is not null).OrderByDescending(answer => answer.Epoch).FirstOrDefault().Primary
            ?? throw new SessionStoreConfigurationException(Operations.Connect, null, $"no sentinel knows a service '{_service}'.");
        return await ResolveAsync(newest).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    public void Dispose() => _connection.Dispose();

    private static Exception NoAnswer(Exception[] faults) =>
        Array.Find(faults, static fault => fault is RedisServerException) is { } error
            ? RedisFaults.Translate(error, Operations.Connect, null, default)
        : Array.Find(faults, static fault => ConnectionFaults.Refusal(fault) is not null) is { } refused
            ? new SessionStoreConfigurationException(Operations.Connect, null, $"no sentinel lets the store in: {ConnectionFaults.Refusal(refused)}", refused)
            : Unavailable("No sentinel answers.", Array.Find(faults, ConnectionFaults.SaysWhy));

    private static RedisConnectionException Unavailable(string message, Exception? why) =>
        new(ConnectionFailureType.UnableToConnect, CommandFlags.None, message, why, CommandStatus.WaitingToBeSent);

    private static async Task<RedisPrimary> ResolveAsync(EndPoint endpoint)
    {
        if (endpoint is IPEndPoint place)
        {
            return new RedisPrimary(place.Address.ToString(), place);
        }

        var name = (DnsEndPoint)endpoint;
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(name.Host).ConfigureAwait(false);
            return new RedisPrimary(name.Host, new IPEndPoint(addresses[0], name.Port));
        }
        catch (SocketException exception)
        {
            throw Unavailable("The host that sentinels name cannot be found.", exception);
        }
    }

    private async Task<(Exception? Fault, EndPoint? Primary, long Epoch)> AskAsync(IServer sentinel)
    {
        try
        {
            // Only the address follows a failover at once; only the other command tells how new the sentinel's knowledge is.
            var asking = sentinel.SentinelGetMasterAddressByNameAsync(_service);
            var fields = sentinel.SentinelMasterAsync(_service);
            await Task.WhenAll(asking, fields).WaitAsync(_patience, TimeProvider.System).ConfigureAwait(false);
            var epoch = Array.Find(await fields.ConfigureAwait(false), field => field.Key is "config-epoch").Value;
            return (null, await asking.ConfigureAwait(false), long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);
        }
        catch (RedisServerException exception) when (exception.Message.Contains("No such master", StringComparison.Ordinal))
        {
            return (null, null, 0);
        }
        catch (Exception exception) when (RedisFaults.IsFault(exception))
        {
            return (exception, null, 0);
        }
    }
}
