using Microsoft.Extensions.DependencyInjection;

namespace Shadowcat.Sessions;

/// <summary>Applies the registered decorators.</summary>
internal static class SessionStoreDecorators
{
    /// <summary>A store with everything around it that was registered, the first innermost.</summary>
    public static ISessionStore Decorate(this IServiceProvider provider, ISessionStore store) =>
        provider.GetServices<ISessionStoreDecorator>().Aggregate(store, static (inner, decorator) => decorator.Decorate(inner));
}
