using System.Net;
using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>The connections a store works over: the application's own, which is left alone, or some that are made at first use and closed with the store.</summary>
internal sealed class RedisConnection : IAsyncDisposable, IDisposable
{
    /// <summary>How long, in ms, servers that a borrowed connection names are waited for.</summary>
    private const int DefaultPatience = 1000;

    /// <summary>How long what a server said to who connected is taken to be why nobody can.</summary>
    private static readonly TimeSpan GreetingHolds = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly ConfigurationOptions? _configuration;
    private readonly PrimaryTunnel? _tunnel;
    private readonly ConnectionRenewal _renewal;
    private readonly int _count;
    private readonly bool _owned;
    private IConnectionMultiplexer[]? _connections;
    private RedisServerException? _greeting;
    private long _greeted;
    private bool _disposed;

    private RedisConnection(IConnectionMultiplexer? connection, ConfigurationOptions? configuration, int count, StoreAddress address)
    {
        Address = address;
        _connections = connection is null ? null : [connection];
        _configuration = configuration;
        _count = count;
        _owned = connection is null;
        _tunnel = string.IsNullOrEmpty(configuration?.ServiceName) ? null : new PrimaryTunnel();
        RenewableTunnel? renewable = null;
        if (configuration is not null && _tunnel is null && configuration.Tunnel is null)
        {
            configuration.Tunnel = renewable = new RenewableTunnel();
        }

        _renewal = new ConnectionRenewal(renewable, TimeSpan.FromMilliseconds(configuration?.ConnectTimeout ?? DefaultPatience));
    }

    /// <summary>Where it leads, as the application named it.</summary>
    public StoreAddress Address { get; }

    public static RedisConnection Borrow(IConnectionMultiplexer connection) => new(connection, null, 1, RedisAddress.Of(connection));

    /// <summary>Prepares a connection with the settings that the promises rest on; nothing is sent yet.</summary>
    public static RedisConnection Open(RedisSessionStoreOptions options)
    {
        var configuration = ConfigurationOptions.Parse(options.Configuration!);
        options.ConfigureConnection?.Invoke(configuration);
        var timeout = (int)new RedisTimeouts(options).Longest.TotalMilliseconds;

        // An outage at start-up is an outage like any other, and heals like one.
        configuration.AbortOnConnectFail = false;

        // Where a handshake fails, the client library now and then waits out twice this time before it says so; the
        // first call still has to be able to tell what is wrong.
        configuration.ConnectTimeout = Math.Min(configuration.ConnectTimeout, Math.Max(1, (int)options.OperationTimeout.TotalMilliseconds / 6));

        // After a first handshake that failed, the client library's own further tries may hang, and take the reason with them.
        configuration.ConnectRetry = 1;
        configuration.AsyncTimeout = timeout;
        configuration.SyncTimeout = timeout; // the client library also times its backlog by this one, for asynchronous calls too
        configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(250); // timeouts are only looked for on the heartbeat
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ReconnectRetryPolicy = new ExponentialRetry(deltaBackOffMilliseconds: 50, maxDeltaBackOffMilliseconds: 500);

        // Scripts publish without it.
        configuration.ChannelPrefix = default;

        // Exceptions would otherwise name keys, and with them session ids.
        configuration.IncludeDetailInExceptions = false;
        return new RedisConnection(null, configuration, options.ConnectionCount, RedisAddress.Of(configuration));
    }

    /// <summary>The connections, at least one, always the same.</summary>
    public async ValueTask<IReadOnlyList<IConnectionMultiplexer>> GetAsync()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        return Volatile.Read(ref _connections) ?? await ConnectAsync().ConfigureAwait(false);
    }

    /// <summary>Notes that a call failed: the primary may be another server by now, which is looked for.</summary>
    /// <returns>What the call failed with, or that with the reason the server has, where it says so only to who connects.</returns>
    public async ValueTask<RedisException> DoubtAsync(RedisException exception)
    {
        _tunnel?.Doubt();
        if (Volatile.Read(ref _connections) is not { } connections || Volatile.Read(ref _disposed))
        {
            return exception;
        }

        if (_tunnel is null)
        {
            await _renewal.RenewAsync(connections, exception).ConfigureAwait(false);
        }

        return exception is RedisConnectionException broken && _configuration is { Ssl: false, ServiceName: null or "", EndPoints: [var server] } && !connections[0].IsConnected
            ? await ExplainAsync(broken, server).ConfigureAwait(false)
            : exception;
    }

    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        try
        {
            Volatile.Write(ref _disposed, true);
            foreach (var connection in Own())
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            if (_tunnel is not null)
            {
                await _tunnel.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>As <see cref="DisposeAsync"/>; connections that are just being made are closed when they are there.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        foreach (var connection in Own())
        {
            connection.Dispose();
        }

        _tunnel?.Dispose();
    }

    private async ValueTask<RedisException> ExplainAsync(RedisConnectionException exception, EndPoint server)
    {
        if (_greeted == 0 || TimeProvider.System.GetElapsedTime(Volatile.Read(ref _greeted)) > GreetingHolds)
        {
            Volatile.Write(ref _greeted, TimeProvider.System.GetTimestamp());
            Volatile.Write(ref _greeting, await Greeting.ReadAsync(server).ConfigureAwait(false));
        }

        return Volatile.Read(ref _greeting) is { } greeting
            ? new RedisConnectionException(exception.FailureType, exception.Flags, exception.Message, greeting, exception.CommandStatus)
            : exception;
    }

    private IConnectionMultiplexer[] Own() => _owned ? Volatile.Read(ref _connections) ?? [] : [];

    private async Task<IConnectionMultiplexer[]> ConnectAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_connections is null)
            {
                var configuration = _tunnel is null ? _configuration! : await _tunnel.OpenAsync(_configuration!).ConfigureAwait(false);
                var opening = Enumerable.Range(0, _count).Select(_ => ConnectionMultiplexer.ConnectAsync(configuration));
                Volatile.Write(ref _connections, await Task.WhenAll(opening).ConfigureAwait(false));
                if (Volatile.Read(ref _disposed))
                {
                    await Task.WhenAll(_connections.Select(connection => connection.DisposeAsync().AsTask())).ConfigureAwait(false);
                }
            }

            return _connections;
        }
        finally
        {
            _opening.Release();
        }
    }
}
