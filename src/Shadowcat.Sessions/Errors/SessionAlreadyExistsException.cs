namespace Shadowcat.Sessions;

/// <summary>A live session has the id that a new one was to get. Nothing was written.</summary>
public sealed class SessionAlreadyExistsException : SessionStoreException
{
    /// <summary>Reports a create of an id that is taken.</summary>
    public SessionAlreadyExistsException(string operation, SessionId sessionId)
        : base(operation, sessionId, "a live session has this id.")
    {
    }
}
