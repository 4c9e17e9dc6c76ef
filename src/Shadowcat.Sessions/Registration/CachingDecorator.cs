using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Puts the cache around the registered store.</summary>
internal sealed class CachingDecorator(IOptions<CachedSessionStoreOptions> options, IMeterFactory? meterFactory = null) : ISessionStoreDecorator
{
    public StoreLayer Layer => StoreLayer.Caching;

    public ISessionStore Decorate(ISessionStore inner) => new CachedSessionStore(inner, options.Value, meterFactory);
}
