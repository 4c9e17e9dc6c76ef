using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Puts the buffer around the registered store, and disposes of it: before the store, which was made before, and wherever it is among other decorators.</summary>
internal sealed class BufferingDecorator(
    IOptions<BufferedSessionStoreOptions> options, TimeProvider? timeProvider = null, ILogger<BufferedSessionStore>? logger = null, IMeterFactory? meterFactory = null)
    : ISessionStoreDecorator, IAsyncDisposable, IDisposable
{
    /// <summary>The buffer, once the store was made.</summary>
    public BufferedSessionStore? Store { get; private set; }

    public StoreLayer Layer => StoreLayer.Buffering;

    public ISessionStore Decorate(ISessionStore inner) => Store = new BufferedSessionStore(inner, options.Value, logger, meterFactory, timeProvider);

    public ValueTask DisposeAsync() => Store?.DisposeAsync() ?? ValueTask.CompletedTask;

    public void Dispose() => Store?.Dispose();
}
