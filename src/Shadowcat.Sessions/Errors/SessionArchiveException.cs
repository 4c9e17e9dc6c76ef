namespace Shadowcat.Sessions;

/// <summary>An archive cannot be read or continued: it is damaged, cut off, of another format, or disagrees with what the store has.</summary>
public sealed class SessionArchiveException : SessionStoreException
{
    /// <summary>Reports what is wrong with an archive.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="sessionId">The session, where it is known.</param>
    /// <param name="line">The line of the archive, from 1.</param>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public SessionArchiveException(string operation, SessionId? sessionId, long line, string message, Exception? innerException = null)
        : base(operation, sessionId, $"line {line} of the archive: {message}", innerException) => Line = line;

    /// <summary>The line of the archive, from 1.</summary>
    public long Line { get; }
}
