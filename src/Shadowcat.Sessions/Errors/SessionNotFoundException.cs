namespace Shadowcat.Sessions;

/// <summary>There is no such session: it never was, was deleted, or has expired. Nothing was written.</summary>
public sealed class SessionNotFoundException : SessionStoreException
{
    /// <summary>Reports an operation on a session that is not there.</summary>
    public SessionNotFoundException(string operation, SessionId sessionId)
        : base(operation, sessionId, "there is no such session; it never was, was deleted, or has expired.")
    {
    }
}
