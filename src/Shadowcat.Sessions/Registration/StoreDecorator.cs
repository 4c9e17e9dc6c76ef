namespace Shadowcat.Sessions;

/// <summary>Something to put around a registered store.</summary>
/// <param name="Call">The method that asked for it, as errors name it.</param>
/// <param name="Layer">Where it lies among the others.</param>
/// <param name="Create">Puts it around a store.</param>
internal sealed record StoreDecorator(string Call, StoreLayer Layer, Func<IServiceProvider, ISessionStore, ISessionStore> Create);
