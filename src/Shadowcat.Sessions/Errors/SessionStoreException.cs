namespace Shadowcat.Sessions;

/// <summary>A store could not do what it was asked to. The root of everything a store throws, apart from argument errors and cancellation.</summary>
public class SessionStoreException : Exception
{
    /// <summary>Reports a failed operation.</summary>
    /// <param name="operation">The operation, named after the member of <see cref="ISessionStore"/> without "Async".</param>
    /// <param name="sessionId">The session it was about, where there is one.</param>
    /// <param name="message">What went wrong; without credentials, payloads and ids of sessions.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public SessionStoreException(string operation, SessionId? sessionId, string message, Exception? innerException = null)
        : base(sessionId is { } id ? $"{operation} of session '{id}': {message}" : $"{operation}: {message}", innerException)
    {
        Operation = operation;
        SessionId = sessionId;
        Reason = message;
    }

    /// <summary>The operation that failed, named after the member of <see cref="ISessionStore"/> without "Async".</summary>
    public string Operation { get; }

    /// <summary>Whether it is over by itself at some time: the store cannot be reached, does not answer in time, or its server is full. False for what somebody has to mend.</summary>
    public virtual bool IsTransient => false;

    /// <summary>What went wrong, without the session: for logs, which hold no ids.</summary>
    public string Reason { get; }

    /// <summary>The session the operation was about, where there is one.</summary>
    public SessionId? SessionId { get; }
}
