using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Shadowcat.Sessions;

/// <summary>Applies the registered decorators.</summary>
internal static class SessionStoreDecorators
{
    /// <summary>The innermost store with everything around it that was registered.</summary>
    public static ISessionStore Decorate(this IServiceProvider provider)
    {
        // The store is made first, so that the container disposes of it last.
        var store = provider.GetRequiredService<InnermostStore>().Store;
        return provider.GetServices<ISessionStoreDecorator>().OrderBy(static decorator => decorator.Layer).Aggregate(store, static (inner, decorator) => decorator.Decorate(inner));
    }

    /// <summary>Adds a decorator, once.</summary>
    /// <returns>False where it was added before.</returns>
    public static bool AddDecorator<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TDecorator>(this ShadowcatSessionsBuilder builder, StoreLayer layer)
        where TDecorator : class, ISessionStoreDecorator
    {
        var services = builder.Services;
        if (!StoreRegistration.Of(services).TryAdd(layer))
        {
            return false;
        }

        services.AddSingleton<TDecorator>();
        services.AddSingleton<ISessionStoreDecorator>(static provider => provider.GetRequiredService<TDecorator>());
        return true;
    }
}
