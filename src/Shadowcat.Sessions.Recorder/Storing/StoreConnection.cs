using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.Recorder.Storing;

/// <summary>The session store of a location, registered and resolved as any application does it.</summary>
internal sealed class StoreConnection : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private StoreConnection(ServiceProvider services) => _services = services;

    public ISessionStore Store => _services.GetRequiredService<ISessionStore>();

    public SessionStoreOptions Limits => _services.GetRequiredService<IOptions<SessionStoreOptions>>().Value;

    /// <param name="location">Where the sessions are.</param>
    /// <param name="maxFrameBytes">The greatest payload that a frame may have; null for what a store takes by default.</param>
    public static StoreConnection Open(StoreLocation location, int? maxFrameBytes = null)
    {
        var services = new ServiceCollection();
        var builder = services.AddShadowcatSessions(options =>
        {
            options.MaxFrameBytes = maxFrameBytes ?? options.MaxFrameBytes;
            options.MaxBatchBytes = Math.Max(options.MaxBatchBytes, options.MaxFrameBytes);
        });
        if (location.File is { } file)
        {
            builder.UseSqlite(file);
        }
        else
        {
            builder.UseRedis(options =>
            {
                options.Configuration = location.Redis;
                options.KeyPrefix = location.KeyPrefix ?? options.KeyPrefix;
            });
        }

        return new StoreConnection(services.BuildServiceProvider());
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
