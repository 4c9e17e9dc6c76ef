namespace Shadowcat.Sessions;

/// <summary>Puts something around the registered store, whichever it is and in whatever order both were registered.</summary>
internal interface ISessionStoreDecorator
{
    /// <summary>Where it lies among the others.</summary>
    StoreLayer Layer { get; }

    ISessionStore Decorate(ISessionStore inner);
}
