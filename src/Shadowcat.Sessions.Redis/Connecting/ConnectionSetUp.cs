using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Lets the application set a connection up before it is made, and again when it breaks or its credentials are refused: these may be others by now.</summary>
/// <remarks>The client library reads user and password anew for each connection that it makes again.</remarks>
internal sealed class ConnectionSetUp(RedisSessionStoreOptions options, IServiceProvider services) : IDisposable
{
    private const string Name = $"{nameof(RedisSessionStoreOptions)}.{nameof(RedisSessionStoreOptions.ConfigureConnectionAsync)}";

    /// <summary>So often it is asked again at most.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Func<ConfigurationOptions, IServiceProvider, CancellationToken, ValueTask> _configure = options.ConfigureConnectionAsync!;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;
    private long _ended;

    /// <summary>Sets a connection up.</summary>
    /// <exception cref="SessionStoreUnavailableException">The application could not.</exception>
    public async Task RunAsync(ConfigurationOptions configuration)
    {
        try
        {
            await _configure(configuration, services, _stopping.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever the application throws, a call fails as the contract says.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw new SessionStoreUnavailableException(Operations.Connect, null, $"{Name} failed ({exception.GetType().Name}); nothing was done. It is asked again with the next call.", outcomeUnknown: false, exception);
        }

        ConnectionSettings.Impose(configuration, options);
    }

    /// <summary>Sets a connection up again, for all who want that at the same time once.</summary>
    /// <returns>Completes when it was; a moment ago counts.</returns>
    public Task RenewAsync(ConfigurationOptions configuration)
    {
        lock (_lock)
        {
            if (_running.IsCompleted && (_ended == 0 || TimeProvider.System.GetElapsedTime(_ended) >= Pause))
            {
                _running = RenewOnceAsync(configuration);
            }

            return _running;
        }
    }

    public void Dispose() => _stopping.Cancel();

    private async Task RenewOnceAsync(ConfigurationOptions configuration)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // not under the lock
        try
        {
            await RunAsync(configuration).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _ended, TimeProvider.System.GetTimestamp());
        }
    }
}
