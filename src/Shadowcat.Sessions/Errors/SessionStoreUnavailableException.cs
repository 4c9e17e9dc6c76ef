namespace Shadowcat.Sessions;

/// <summary>The backend cannot be reached, is known not to answer, or does not serve at the moment. Trying again later may succeed.</summary>
public sealed class SessionStoreUnavailableException : SessionStoreException
{
    /// <summary>Reports a backend that does not serve.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="sessionId">The session it was about, where there is one.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="outcomeUnknown">True where the request may have been carried out.</param>
    /// <param name="innerException">The cause.</param>
    public SessionStoreUnavailableException(
        string operation, SessionId? sessionId, string message, bool outcomeUnknown, Exception? innerException = null)
        : base(operation, sessionId, message, innerException)
    {
        OutcomeUnknown = outcomeUnknown;
    }

    /// <summary>True where the connection broke with the request on its way, which may have been carried out; false where nothing was done.</summary>
    public bool OutcomeUnknown { get; }

    /// <inheritdoc/>
    /// <value>True.</value>
    public override bool IsTransient => true;
}
