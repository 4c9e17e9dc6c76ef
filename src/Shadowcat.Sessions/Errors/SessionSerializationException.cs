namespace Shadowcat.Sessions;

/// <summary>What is stored cannot be read: a format this version of the library does not know, damaged bytes, or somebody else's key.</summary>
public sealed class SessionSerializationException : SessionStoreException
{
    /// <summary>Reports something unreadable.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="sessionId">The session, where there is one.</param>
    /// <param name="message">What could not be read, and why.</param>
    /// <param name="formatVersion">The format version found; null where there was none to be found.</param>
    /// <param name="sequence">The frame that could not be read, where it was one.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public SessionSerializationException(
        string operation, SessionId? sessionId, string message, long? formatVersion = null, long? sequence = null, Exception? innerException = null)
        : base(
            operation,
            sessionId,
            (sequence is { } frame ? $"frame {frame}: " : "") + message + (formatVersion is { } version ? $" (format version {version})" : " (no format version)"),
            innerException)
    {
        FormatVersion = formatVersion;
        Sequence = sequence;
    }

    /// <summary>The format version found; null where there was none to be found.</summary>
    public long? FormatVersion { get; }

    /// <summary>The frame that could not be read; null where it was the session.</summary>
    public long? Sequence { get; }
}
