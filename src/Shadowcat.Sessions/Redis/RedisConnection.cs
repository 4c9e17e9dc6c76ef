using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>The connection a store works over: the application's own, which is left alone, or one made at first use and closed with the store.</summary>
internal sealed class RedisConnection : IAsyncDisposable, IDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly ConfigurationOptions? _configuration;
    private readonly PrimaryTunnel? _tunnel;
    private readonly bool _owned;
    private IConnectionMultiplexer? _connection;
    private bool _disposed;

    private RedisConnection(IConnectionMultiplexer? connection, ConfigurationOptions? configuration)
    {
        _connection = connection;
        _configuration = configuration;
        _owned = connection is null;
        _tunnel = string.IsNullOrEmpty(configuration?.ServiceName) ? null : new PrimaryTunnel();
    }

    public static RedisConnection Borrow(IConnectionMultiplexer connection) => new(connection, null);

    /// <summary>Prepares a connection with the settings that the promises rest on; nothing is sent yet.</summary>
    public static RedisConnection Open(RedisSessionStoreOptions options)
    {
        var configuration = ConfigurationOptions.Parse(options.Configuration!);
        options.ConfigureConnection?.Invoke(configuration);
        var timeout = (int)options.OperationTimeout.TotalMilliseconds;

        // An outage at start-up is an outage like any other, and heals like one.
        configuration.AbortOnConnectFail = false;

        // Where a handshake fails, the client library now and then waits out twice this time before it says so; the
        // first call still has to be able to tell what is wrong.
        configuration.ConnectTimeout = Math.Min(configuration.ConnectTimeout, Math.Max(1, timeout / 5));

        // After a first handshake that failed, the client library's own further tries may hang, and take the reason with them.
        configuration.ConnectRetry = 1;
        configuration.AsyncTimeout = timeout;
        configuration.SyncTimeout = timeout; // the client library also times its backlog by this one, for asynchronous calls too
        configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(250); // timeouts are only looked for on the heartbeat
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ReconnectRetryPolicy = new ExponentialRetry(deltaBackOffMilliseconds: 50, maxDeltaBackOffMilliseconds: 1000);

        // Scripts publish without it.
        configuration.ChannelPrefix = default;

        // Exceptions would otherwise name keys, and with them session ids.
        configuration.IncludeDetailInExceptions = false;
        return new RedisConnection(null, configuration);
    }

    public async ValueTask<IConnectionMultiplexer> GetAsync()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        return Volatile.Read(ref _connection) ?? await ConnectAsync().ConfigureAwait(false);
    }

    /// <summary>Notes that a call failed: where sentinels lead to the primary, it may be another one by now.</summary>
    public void Doubt() => _tunnel?.Doubt();

    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        try
        {
            Volatile.Write(ref _disposed, true);
            if (_owned && _connection is { } connection)
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

    /// <summary>As <see cref="DisposeAsync"/>; a connection that is just being made is closed when it is there.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        if (_owned && Volatile.Read(ref _connection) is { } connection)
        {
            connection.Dispose();
        }

        _tunnel?.Dispose();
    }

    private async Task<IConnectionMultiplexer> ConnectAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_connection is null)
            {
                var connection = await ConnectionMultiplexer.ConnectAsync(_tunnel is null ? _configuration! : await _tunnel.OpenAsync(_configuration!).ConfigureAwait(false)).ConfigureAwait(false);
                Volatile.Write(ref _connection, connection);
                if (Volatile.Read(ref _disposed))
                {
                    await connection.DisposeAsync().ConfigureAwait(false);
                }
            }

            return _connection;
        }
        finally
        {
            _opening.Release();
        }
    }
}
