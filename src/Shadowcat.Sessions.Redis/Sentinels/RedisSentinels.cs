using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Asks the sentinels of a service which server is its primary, and is notified by them when a failover begins and when it ends.</summary>
/// <remarks>
/// Sentinels promote a replica first, and name it about a second later, when they have seen that it is a primary. All this time, a former primary that still runs acknowledges
/// writes that are lost. Only the sentinel that was elected to lead the failover announces its beginning, so each sentinel is subscribed to.
/// </remarks>
/// <seealso href="https://redis.io/docs/latest/develop/reference/sentinel-clients/"/>
internal sealed class RedisSentinels : IAsyncDisposable, IDisposable
{
    private static readonly RedisChannel Elected = RedisChannel.Literal("+elected-leader");
    private static readonly RedisChannel Switched = RedisChannel.Literal("+switch-master");

    /// <summary>How long to wait for a failover. One that does not end must not keep a healthy primary from being used.</summary>
    private static readonly TimeSpan LongestFailover = TimeSpan.FromSeconds(5);

    private readonly List<ConnectionMultiplexer> _connections = [];
    private readonly Action _onChanged;
    private readonly string _service;
    private readonly TimeSpan _timeout;
    private long _elected;

    private RedisSentinels(Action onChanged, string service, TimeSpan timeout)
    {
        _onChanged = onChanged;
        _service = service;
        _timeout = timeout;
    }

    /// <summary>Connects to the sentinels that a configuration names.</summary>
    /// <param name="configuration">The configuration of the service: its end points are the sentinels.</param>
    /// <param name="onChanged">Called when a failover begins, and when it ends.</param>
    public static async Task<RedisSentinels> ConnectAsync(ConfigurationOptions configuration, Action onChanged)
    {
        var own = configuration.Clone();
        own.User = configuration.SentinelUser;
        own.Password = configuration.SentinelPassword;
        own.AsyncTimeout = own.SyncTimeout = own.ConnectTimeout;
        var sentinels = new RedisSentinels(onChanged, configuration.ServiceName!, TimeSpan.FromMilliseconds(own.ConnectTimeout));
        try
        {
            await Task.WhenAll(own.EndPoints.Select(sentinel => sentinels.ConnectAsync(own, sentinel))).ConfigureAwait(false);
            return sentinels;
        }
        catch
        {
            await sentinels.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Finds the primary just after connecting, when the reason of a connection that cannot be made may not be known yet.</summary>
    public Task<RedisPrimary> FindPrimaryOrReasonAsync() => ReasonRetry.RunAsync(FindPrimaryAsync, _timeout);

    /// <summary>The primary, as named by the sentinel that knows the newest configuration.</summary>
    /// <exception cref="RedisConnectionException">No sentinel answers.</exception>
    /// <exception cref="SessionStoreException">Sentinels answer, and none of them knows the service; or none answers, and one of them refuses the store.</exception>
    public async Task<RedisPrimary> FindPrimaryAsync()
    {
        // Each connection may have discovered further sentinels.
        var sentinels = _connections.SelectMany(static connection => connection.GetServers()).DistinctBy(static sentinel => sentinel.EndPoint);
        var answers = await Task.WhenAll(sentinels.Select(sentinel => SentinelAnswer.AskAsync(sentinel, _service, _timeout))).ConfigureAwait(false);
        if (Array.TrueForAll(answers, static answer => answer.Fault is not null))
        {
            throw NoAnswer(Array.ConvertAll(answers, static answer => answer.Fault!));
        }

        var newest = answers.Where(static answer => answer.Primary is not null).OrderByDescending(static answer => answer.Epoch).FirstOrDefault().Primary
            ?? throw new SessionStoreConfigurationException(Operations.Connect, null, $"no sentinel knows a service '{_service}'.");
        var isBeingReplaced = IsFailoverAnnounced() && Array.Exists(answers, answer => answer.IsReplacing && newest.Equals(answer.Primary));
        return await ResolveAsync(newest, isBeingReplaced).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    private static Exception NoAnswer(Exception[] faults) =>
        Array.Find(faults, static fault => fault is RedisServerException) is { } error
            ? RedisFaults.Translate(error, Operations.Connect, null, default)
        : Array.Find(faults, static fault => ConnectionFaults.Refusal(fault) is not null) is { } refused
            ? new SessionStoreConfigurationException(Operations.Connect, null, $"no sentinel lets the store in: {ConnectionFaults.Refusal(refused)}", refused)
            : Unavailable("No sentinel answers.", Array.Find(faults, ConnectionFaults.SaysWhy));

    private static RedisConnectionException Unavailable(string message, Exception? why) =>
        new(ConnectionFailureType.UnableToConnect, CommandFlags.None, message, why, CommandStatus.WaitingToBeSent);

    private static async Task<RedisPrimary> ResolveAsync(EndPoint endpoint, bool isBeingReplaced)
    {
        if (endpoint is IPEndPoint place)
        {
            return new RedisPrimary(place.Address.ToString(), place, isBeingReplaced);
        }

        var name = (DnsEndPoint)endpoint;
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(name.Host).ConfigureAwait(false);
            return new RedisPrimary(name.Host, new IPEndPoint(addresses[0], name.Port), isBeingReplaced);
        }
        catch (SocketException exception)
        {
            throw Unavailable("The host that the sentinels name cannot be resolved.", exception);
        }
    }

    /// <summary>Connects to one sentinel. One connection to several of them would subscribe to any one of them.</summary>
    private async Task ConnectAsync(ConfigurationOptions configuration, EndPoint sentinel)
    {
        var one = configuration.Clone();
        one.EndPoints.Clear();
        one.EndPoints.Add(sentinel);
        var connection = await ConnectionMultiplexer.SentinelConnectAsync(one).ConfigureAwait(false);
        lock (_connections)
        {
            _connections.Add(connection);
        }

        var subscriber = connection.GetSubscriber();
        await subscriber.SubscribeAsync(Switched, (_, _) => _onChanged(), CommandFlags.FireAndForget).ConfigureAwait(false);
        await subscriber.SubscribeAsync(Elected, (_, replaced) => OnElected(replaced.ToString()), CommandFlags.FireAndForget).ConfigureAwait(false);
    }

    /// <summary>A failover begins.</summary>
    /// <param name="replaced">Whose: <c>master &lt;service&gt; &lt;host&gt; &lt;port&gt;</c>.</param>
    private void OnElected(string replaced)
    {
        if (replaced.StartsWith($"master {_service} ", StringComparison.Ordinal))
        {
            Volatile.Write(ref _elected, TimeProvider.System.GetTimestamp());
            _onChanged();
        }
    }

    /// <summary>Whether a failover was announced that may be under way.</summary>
    private bool IsFailoverAnnounced() => Volatile.Read(ref _elected) is > 0 and var elected && TimeProvider.System.GetElapsedTime(elected) < LongestFailover;
}
