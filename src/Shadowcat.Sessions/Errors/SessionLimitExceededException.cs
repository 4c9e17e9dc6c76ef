namespace Shadowcat.Sessions;

/// <summary>A limit is reached: of the session, of the store, or of the server's memory. Nothing was written; reading still works.</summary>
public sealed class SessionLimitExceededException : SessionStoreException
{
    /// <summary>The limit of the server's memory.</summary>
    internal const string ServerMemory = "maxmemory";

    /// <summary>Reports a limit.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="sessionId">The session it was about, where there is one.</param>
    /// <param name="limit">The limit: the name of the option, or of the server's setting.</param>
    /// <param name="message">What is full.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public SessionLimitExceededException(string operation, SessionId? sessionId, string limit, string message, Exception? innerException = null)
        : base(operation, sessionId, message, innerException)
    {
        Limit = limit;
    }

    /// <summary>The limit: <c>MaxFramesPerSession</c>, <c>MaxFramesBytesPerSession</c>, <c>MaxBufferedFrames</c> or <c>MaxBufferedBytes</c> of the options, or the server's <c>maxmemory</c>.</summary>
    public string Limit { get; }
}
