namespace Shadowcat.Sessions;

/// <summary>No answer came within the timeout of the operation. An operation that changes something may have been carried out, or may still be.</summary>
public sealed class SessionTimeoutException : SessionStoreException
{
    /// <summary>Reports an operation that took too long.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="sessionId">The session it was about, where there is one.</param>
    /// <param name="timeout">How long was waited.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    /// <param name="server">Where it was sent, such as <c>localhost:6379</c>; null where that is not to be said.</param>
    public SessionTimeoutException(string operation, SessionId? sessionId, TimeSpan timeout, Exception? innerException = null, string? server = null)
        : base(
            operation,
            sessionId,
            $"no answer{(server is null ? "" : $" of the server {server}")} within {timeout.TotalMilliseconds:0} ms{(Operations.IsRead(operation) ? "." : "; whether it was carried out is unknown.")}",
            innerException)
    {
        Timeout = timeout;
    }

    /// <summary>How long was waited.</summary>
    public TimeSpan Timeout { get; }

    /// <inheritdoc/>
    /// <value>True.</value>
    public override bool IsTransient => true;
}
