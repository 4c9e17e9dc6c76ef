using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

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
        Address = address with { ConnectTimeout = configuration?.ConnectTimeout };
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

        _renewal = new ConnectionRenewal(renewable, TimeSpan.FromMilliseconds(configuration?.ConnectTimeout ?? DefaultPatience));
    }

    /// <summary>Where it leads, as the application named it.</summary>
    public StoreAddress Address { get; }

    /// <summary>Works over a connection of the application.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="options">The options, checked.</param>
    /// <param name="logger">Where it is said which of them are not used.</param>
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

    /// <summary>Prepares a connection with the settings that the promises rest on; nothing is sent yet.</summary>
    /// <param name="options">The options, checked.</param>
    /// <param name="services">What <see cref="RedisSessionStoreOptions.ConfigureConnectionAsync"/> may ask for.</param>
    /// <param name="logger">Where it is said which settings were made otherwise.</param>
    public static RedisConnection Open(RedisSessionStoreOptions options, IServiceProvider services, ILogger logger)
    {
        var where = options.Configuration
            ?? throw new ArgumentException($"{nameof(RedisSessionStoreOptions)}.{nameof(options.Configuration)} does not say where the server is.", nameof(options));
        if (!RedisConfiguration.TryParse(where, out var configuration, out var problem))
        {
            throw new ArgumentException($"{nameof(RedisSessionStoreOptions)}.{nameof(options.Configuration)}: {problem}.", nameof(options));
        }

        ConnectionSettings.Propose(configuration, options);
        options.ConfigureConnection?.Invoke(configuration);
        if (ConnectionSettings.Impose(configuration, options) is { Count: > 0 } otherwise)
        {
            RedisLog.SettingsOverridden(logger, string.Join(", ", otherwise));
        }

        return new RedisConnection(null, configuration, options.ConnectionCount, RedisAddress.Of(configuration), options.ConfigureConnectionAsync is null ? null : new ConnectionSetUp(options, services));
    }

    /// <summary>The connections, at least one, always the same.</summary>
    public async ValueTask<IReadOnlyList<IConnectionMultiplexer>> GetAsync()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        return Volatile.Read(ref _connections) ?? await ConnectAsync().ConfigureAwait(false);
    }

    /// <summary>Whether a call may be tried again though it was refused: the application has its credentials from elsewhere.</summary>
    public bool CanRenew(Exception? exception) => _setUp is not null && ConnectionFaults.IsAboutCredentials(exception);

    /// <summary>Whether a connection that broke is waited for until a call's time is up: it may be made again with other credentials.</summary>
    public bool IsWaitedFor(Exception? exception) => _setUp is not null && exception is RedisConnectionException && RedisFaults.IsTransient(exception);

    /// <summary>Notes that a call failed: the primary may be another server by now, which is looked for.</summary>
    /// <returns>What the call failed with, or that with the reason the server has, where it says so only to who connects; where the application has other credentials by now, that it may be tried again.</returns>
    public async ValueTask<RedisException> DoubtAsync(RedisException exception)
    {
        _tunnel?.Doubt();
        if (_setUp is not null && (exception is RedisConnectionException || CanRenew(exception)))
        {
            // Why it broke may come only after another try, and is the same then.
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
        _setUp?.Dispose();
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

    private async Task RenewCredentialsAsync(ConnectionSetUp setUp)
    {
        try
        {
            await setUp.RenewAsync(_configuration!).ConfigureAwait(false);
        }
        catch (SessionStoreUnavailableException)
        {
            // Those of before may be accepted yet; the next call asks again.
            return;
        }

        if (Volatile.Read(ref _used) is { } used && used != _configuration)
        {
            (used.User, used.Password) = (_configuration!.User, _configuration.Password);
        }
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
