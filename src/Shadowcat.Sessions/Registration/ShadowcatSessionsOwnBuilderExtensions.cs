using Shadowcat.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a store, or decorators, of the application's own.</summary>
public static class ShadowcatSessionsOwnBuilderExtensions
{
    /// <summary>Keeps the sessions in a store of the application's own. The cache, the buffer and the encryption lie around it as around any other, where it offers what they need.</summary>
    /// <typeparam name="TStore">The store. Where nothing lies around it, the application can ask for it by this type, too.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="create">Makes the store, once; the container disposes of it.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">A store was chosen before, or the application registered another one.</exception>
    public static ShadowcatSessionsBuilder UseStore<TStore>(this ShadowcatSessionsBuilder builder, Func<IServiceProvider, TStore> create)
        where TStore : class, ISessionStore
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.TryUseStore(create) ? builder : throw StoreRegistration.ChosenBefore(nameof(UseStore));
    }

    /// <summary>Puts a decorator of the application's own around the store, outside of cache, buffer and encryption. Of several, the one added last is the outermost.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="decorate">Makes the decorator, once, around the store that it is given; the container disposes of it. <see cref="DelegatingSessionStore"/> is a base for it.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// What an application accepts by <see cref="ISessionBuffer"/> goes to the buffer inside, and around the decorator: so that is handed out only where the decorator says that it may,
    /// by <see cref="ISessionStore.GetService"/>.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The application's own store is no singleton, or stands beside one that was chosen.</exception>
    public static ShadowcatSessionsBuilder Decorate(this ShadowcatSessionsBuilder builder, Func<IServiceProvider, ISessionStore, ISessionStore> decorate)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(decorate);
        builder.Registration.Decorate(new StoreDecorator(nameof(Decorate), StoreLayer.Outermost, decorate));
        return builder;
    }
}
