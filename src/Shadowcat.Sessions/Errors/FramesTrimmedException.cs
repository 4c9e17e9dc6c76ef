namespace Shadowcat.Sessions;

/// <summary>Frames that were asked for are no longer kept: a cap trimmed them, they were deleted, or the server evicted them.</summary>
public sealed class FramesTrimmedException : SessionStoreException
{
    /// <summary>Reports frames that are gone.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="requestedSequence">The sequence that was to be read next.</param>
    /// <param name="firstSequence">The oldest sequence still kept; the session's frame count where none is.</param>
    public FramesTrimmedException(string operation, SessionId sessionId, long requestedSequence, long firstSequence)
        : base(operation, sessionId, $"frame {requestedSequence} is no longer kept; the oldest kept one is {firstSequence}.")
    {
        RequestedSequence = requestedSequence;
        FirstSequence = firstSequence;
    }

    /// <summary>The sequence that was to be read next.</summary>
    public long RequestedSequence { get; }

    /// <summary>The oldest sequence still kept; the session's frame count where none is.</summary>
    public long FirstSequence { get; }
}
