using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Puts the cache around the registered store.</summary>
internal sealed class CachingDecorator(IOptions<CachedSessionStoreOptions> options) : ISessionStoreDecorator
{
    public ISessionStore Decorate(ISessionStore inner) => new CachedSessionStore(inner, options.Value);
}
