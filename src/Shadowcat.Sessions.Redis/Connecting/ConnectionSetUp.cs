using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Lets the application set a connection up before it is made, and again when the connection breaks or its credentials are refused, because the credentials may have changed.</summary>
/// <remarks>The client library reads user and password for each connection that it makes again.</remarks>
internal sealed class ConnectionSetUp(RedisSessionStoreOptions options, IServiceProvider services) : IDisposable
{
    private const string Name = $"{nameof(RedisSessionStoreOptions)}.{nameof(RedisSessionStoreOptions.ConfigureConnectionAsync)}";

    /// <summary>The shortest pause before the application is asked again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Func<ConfigurationOptions, IServiceProvider, CancellationToken, ValueTask> _configure = options.ConfigureConnectionAsync!;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SharedRun _renewal = new(Pause);

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

    /// <summary>Sets a connection up again, once for all callers that need it at the same time.</summary>
    /// <returns>Completes when it is set up; at once where that was done a moment ago.</returns>
    public Task RenewAsync(ConfigurationOptions configuration) => _renewal.RunAsync(() => RunAsync(configuration));

    public void Dispose() => _stopping.Cancel();
}
