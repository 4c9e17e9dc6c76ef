namespace Shadowcat.Sessions;

/// <summary>Puts something around the registered store, whichever it is and in whatever order both were registered.</summary>
internal interface ISessionStoreDecorator
{
    ISessionStore Decorate(ISessionStore inner);
}
