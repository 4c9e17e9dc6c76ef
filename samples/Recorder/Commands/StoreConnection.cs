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

    public static StoreConnection Open(string redis)
    {
        var services = new ServiceCollection();
        services.AddShadowcatSessions().UseRedis(redis);
        return new StoreConnection(services.BuildServiceProvider());
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
