using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The connections of a store: one of the application, which stays open, or some that are made at first use and closed with the store.</summary>
internal sealed class RedisConnection : IAsyncDisposable, IDisposable
{
    /// <summary>How long, in ms, to wait for servers that a connection of the application names.</summary>
    private const int DefaultConnectTimeout = 1000;

    /// <summary>For how long an error that a server sent on connecting counts as the reason why no connection can be made.</summary>
    private static readonly TimeSpan GreetingHolds = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly ConfigurationOptions? _configuration;
    private readonly PrimaryTunnel? _tunnel;
    private readonly ConnectionRenewal _renewal;
    private readonly ConnectionSetUp? _setUp;
    private readonly int _count;
    private readonly bool _owned;
    private IConnectionMultiplexer[]? _connections;
    private ConfigurationOptions? _used;
    private RedisServerException? _greeting;
    private long _greeted;
    private bool _disposed;

    private RedisConnection(IConnectionMultiplexer? connection, ConfigurationOptions? configuration, int count, StoreAddress address, ConnectionSetUp? setUp = null)
    {
        Address = address;
        ConnectTimeout = configuration?.ConnectTimeout;
        _setUp = setUp;
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

        _renewal = new ConnectionRenewal(renewable, TimeSpan.FromMilliseconds(configuration?.ConnectTimeout ?? DefaultConnectTimeout));
    }

    /// <summary>Where the servers are, as the application named them.</summary>
    public StoreAddress Address { get; }

    /// <summary>How long connecting may take, in ms; null where it is the application that connects.</summary>
    public int? ConnectTimeout { get; }

    /// <summary>Uses a connection of the application.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="options">The options, checked.</param>
    /// <param name="logger">Where it logs which of them have no effect.</param>
    public static RedisConnection Borrow(IConnectionMultiplexer connection, RedisSessionStoreOptions options, ILogger logger)
    {
        var unused = new (string Name, bool IsSet)[]
        {
            (nameof(options.Configuration), options.Configuration is not null),
            (nameof(options.ConfigureConnection), options.ConfigureConnection is not null),
            (nameof(options.ConfigureConnectionAsync), options.ConfigureConnectionAsync is not null),
            (nameof(options.ConnectionCount), options.ConnectionCount != 1),
        };
        if (string.Join(", ", unused.Where(static setting => setting.IsSet).Select(static setting => setting.Name)) is { Length: > 0 } names)
        {
            RedisLog.SettingsUnused(logger, names);
        }

        return new(connection, null, 1, RedisAddress.Of(connection));
    }

    /// <summary>Prepares connections with the settings that the promises rely on; nothing is sent yet.</summary>
    /// <param name="options">The options, checked.</param>
    /// <param name="services">The services that <see cref="RedisSessionStoreOptions.ConfigureConnectionAsync"/> gets.</param>
    /// <param name="logger">Where it logs which settings are overridden.</param>
    public static RedisConnection Create(RedisSessionStoreOptions options, IServiceProvider services, ILogger logger)
    {
        var text = options.Configuration
            ?? throw new ArgumentException($"{nameof(RedisSessionStoreOptions)}.{nameof(options.Configuration)} is not set: it must say where the server is.", nameof(options));
        if (!RedisConfiguration.TryParse(text, out var configuration, out var problem))
        {
            throw new ArgumentException($"{nameof(RedisSessionStoreOptions)}.{nameof(options.Configuration)}: {problem}.", nameof(options));
        }

        ConnectionSettings.Propose(configuration, options);
        options.ConfigureConnection?.Invoke(configuration);
        if (ConnectionSettings.Impose(configuration, options) is { Count: > 0 } overridden)
        {
            RedisLog.SettingsOverridden(logger, string.Join(", ", overridden));
        }

        return new RedisConnection(null, configuration, options.ConnectionCount, RedisAddress.Of(configuration), options.ConfigureConnectionAsync is null ? null : new ConnectionSetUp(options, services));
    }

    /// <summary>The connections, at least one, always the same.</summary>
    public async ValueTask<IReadOnlyList<IConnectionMultiplexer>> GetAsync()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        return Volatile.Read(ref _connections) ?? await ConnectAsync().ConfigureAwait(false);
    }

    /// <summary>Whether a call that was refused for its credentials may be tried again: the application can supply new ones.</summary>
    public bool CanRenew(Exception? exception) => _setUp is not null && ConnectionFaults.IsAboutCredentials(exception);

    /// <summary>Whether calls wait for a connection that broke until their time is up: it may be made again with new credentials.</summary>
    public bool IsWaitedFor(Exception? exception) => _setUp is not null && exception is RedisConnectionException && RedisFaults.IsTransient(exception);

    /// <summary>Handles the failure of a call: the primary may be another server by now and is looked for, and credentials are renewed.</summary>
    /// <returns>What the call failed with, with the reason that the server sends on connecting, where it sends one. An exception that may be tried again, where the credentials were refused and have been renewed.</returns>
    public async ValueTask<RedisException> HandleFailureAsync(RedisException exception)
    {
        _tunnel?.MarkStale();
        if (_setUp is not null && (exception is RedisConnectionException || CanRenew(exception)))
        {
            // The reason may come only with another try, and is the same then.
            await RenewCredentialsAsync(_setUp).ConfigureAwait(false);
        }

        if (CanRenew(exception))
        {
            return new RedisConnectionException(
                ConnectionFailureType.UnableToConnect, CommandFlags.None, "The credentials were refused.", new RefusedCredentials(), CommandStatus.WaitingToBeSent);
        }

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
        _setUp?.Dispose();
        await _opening.WaitAsync().ConfigureAwait(false);
        try
        {
            Volatile.Write(ref _disposed, true);
            foreach (var connection in OwnConnections())
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

    /// <summary>Closes the connections of the store. Those that are just being made are closed when they are there.</summary>
    public void Dispose()
    {
        _setUp?.Dispose();
        Volatile.Write(ref _disposed, true);
        foreach (var connection in OwnConnections())
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

    private async Task RenewCredentialsAsync(ConnectionSetUp setUp)
    {
        try
        {
            await setUp.RenewAsync(_configuration!).ConfigureAwait(false);
        }
        catch (SessionStoreUnavailableException)
        {
            // The credentials of before may still be accepted; the next call asks again.
            return;
        }

        if (Volatile.Read(ref _used) is { } used && used != _configuration)
        {
            (used.User, used.Password) = (_configuration!.User, _configuration.Password);
        }
    }

    private IConnectionMultiplexer[] OwnConnections() => _owned ? Volatile.Read(ref _connections) ?? [] : [];

    private async Task<IConnectionMultiplexer[]> ConnectAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_connections is null)
            {
                if (_setUp is not null)
                {
                    await _setUp.RunAsync(_configuration!).ConfigureAwait(false);
                }

                var configuration = _tunnel is null ? _configuration! : await _tunnel.OpenAsync(_configuration!).ConfigureAwait(false);
                Volatile.Write(ref _used, configuration);
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
