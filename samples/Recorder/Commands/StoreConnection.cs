using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions;

namespace Recorder.Commands;

/// <summary>The session store of a Redis server, registered and resolved as any application does it.</summary>
internal sealed class StoreConnection : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private StoreConnection(ServiceProvider services) => _services = services;

    public ISessionStore Store => _services.GetRequiredService<ISessionStore>();

    public SessionStoreOptions Limits => _services.GetRequiredService<IOptions<SessionStoreOptions>>().Value;

    /// <param name="redis">The server.</param>
    /// <param name="maxFrameBytes">The greatest payload that a frame may have; null for what a store takes by default.</param>
    public static StoreConnection Open(string redis, int? maxFrameBytes = null)
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions(options =>
        {
            options.MaxFrameBytes = maxFrameBytes ?? options.MaxFrameBytes;
            options.MaxBatchBytes = Math.Max(options.MaxBatchBytes, options.MaxFrameBytes);
        }).UseRedis(redis);
        return new StoreConnection(services.BuildServiceProvider());
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
