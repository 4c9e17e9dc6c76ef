using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Asks the sentinels of a service which server is its primary, and hears from them when another one is about to be, and when it is.</summary>
/// <remarks>
/// Sentinels promote a replica first, and name it a second or so later, when they have seen that it is a primary. A former primary that is well acknowledges
/// all this time what nobody will have. Only the sentinel that was elected to lead the failover says that it begins, so each is listened to.
/// </remarks>
/// <seealso href="https://redis.io/docs/latest/develop/reference/sentinel-clients/"/>
internal sealed class RedisSentinels : IAsyncDisposable, IDisposable
{
    private static readonly RedisChannel Elected = RedisChannel.Literal("+elected-leader");
    private static readonly RedisChannel Switched = RedisChannel.Literal("+switch-master");

    /// <summary>How long a failover is waited for. One that finds no end must not keep a primary from being used that is well.</summary>
    private static readonly TimeSpan LongestFailover = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PauseBetweenTries = TimeSpan.FromMilliseconds(20);

    private readonly List<ConnectionMultiplexer> _connections = [];
    private readonly Action _onChanged;
    private readonly string _service;
    private readonly TimeSpan _patience;
    private long _elected;

    private RedisSentinels(Action onChanged, string service, TimeSpan patience)
    {
        _onChanged = onChanged;
        _service = service;
        _patience = patience;
    }

    /// <summary>Connects to the sentinels that a configuration names.</summary>
    /// <param name="configuration">The configuration of the service: its end points are the sentinels.</param>
    /// <param name="onChanged">Is called when a primary is about to be replaced, and when it was.</param>
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
        // Each connection may have found out about further sentinels.
        var sentinels = _connections.SelectMany(static connection => connection.GetServers()).DistinctBy(static sentinel => sentinel.EndPoint);
        var answers = await Task.WhenAll(sentinels.Select(sentinel => SentinelAnswer.AskAsync(sentinel, _service, _patience))).ConfigureAwait(false);
        if (Array.TrueForAll(answers, static answer => answer.Fault is not null))
        {
            throw NoAnswer(Array.ConvertAll(answers, static answer => answer.Fault!));
        }

        var newest = answers.Where(static answer => answer.Primary is not null).OrderByDescending(static answer => answer.Epoch).FirstOrDefault().Primary
            ?? throw new SessionStoreConfigurationException(Operations.Connect, null, $"no sentinel knows a service '{_service}'.");
        var isBeingReplaced = IsFailoverHeard() && Array.Exists(answers, answer => answer.IsReplacing && newest.Equals(answer.Primary));
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
            throw Unavailable("The host that sentinels name cannot be found.", exception);
        }
    }

    /// <summary>Connects to one sentinel, as one connection to several of them would listen to whichever.</summary>
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

    /// <summary>Whether a failover was heard of that may be under way.</summary>
    private bool IsFailoverHeard() => Volatile.Read(ref _elected) is > 0 and var elected && TimeProvider.System.GetElapsedTime(elected) < LongestFailover;
}
