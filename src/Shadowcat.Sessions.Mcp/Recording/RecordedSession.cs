namespace Shadowcat.Sessions.Mcp;

/// <summary>A session that is being recorded.</summary>
/// <param name="described">The session to create. Where its boundary is correlated, its id is decided when it is opened.</param>
/// <param name="key">Its key among the open sessions; null for a session of a connection or of <see cref="SessionRecorder.Begin"/>.</param>
internal sealed class RecordedSession(Session described, string? key = null)
{
    /// <summary>The frame with the capabilities of the client, which migration writes before the first message.</summary>
    private const int FramesOfMigration = 1;

    private int _isWatched;
    private int _requests;
    private SessionEnd? _deferredEnd;

    /// <summary>The session to create.</summary>
    public Session Described { get; } = described;

    /// <summary>Its key among the open sessions; null for none.</summary>
    public string? Key { get; } = key;

    /// <summary>Whether its key names a task or a request state of another session, which it then continues.</summary>
    public bool Continues { get; init; }

    /// <summary>Whether it handed out a task or a request state, which requests at other replicas may name.</summary>
    public bool HandsOut { get; set; }

    /// <summary>Whether other replicas may record the same session, so that it may exist already.</summary>
    public bool IsShared => Key is not null && Described.Boundary is SessionBoundary.Correlated or SessionBoundary.Handshake;

    /// <summary>What its messages say about it. Used by the writer only.</summary>
    public Conversation Conversation { get; } = new(described.Boundary);

    /// <summary>Whether it is in the store. Used by the writer only.</summary>
    public RecordedSessionPhase Phase { get; set; }

    /// <summary>The session as it was when it was opened; null before. Used by the writer only.</summary>
    public Session? Stored { get; private set; }

    /// <summary>Whether it may have been closed, because it was idle or another replica stopped, and continues here. Used by the writer only.</summary>
    public bool IsToReopen { get; set; }

    /// <summary>Whether another replica may have found it in the store and written to it since.</summary>
    private bool MayGoOnElsewhere => Described.Boundary == SessionBoundary.Correlated || HandsOut;

    /// <summary>How many of its messages are missing before the next frame. Used by the writer only.</summary>
    public long Lost { get; set; }

    /// <summary>How many of its messages are missing in the store. Used by the writer only.</summary>
    public long TotalLost { get; set; }

    /// <summary>Whether it has a frame of a message. Used by the writer only.</summary>
    public bool HasFrames { get; set; }

    /// <summary>How many bytes of its messages this process has stored. Used by the writer only.</summary>
    public long KeptBytes { get; set; }

    /// <summary>When the writer wrote last, as a timestamp. Used by the writer only.</summary>
    public long LastWritten { get; private set; }

    /// <summary>Whether its end is queued. Used by the queue only, under its lock.</summary>
    public bool HasEnded { get; set; }

    /// <summary>How many messages were dropped since the last that was accepted. Used by the queue only, under its lock.</summary>
    public long Dropped { get; set; }

    /// <summary>When a message was accepted last, as a timestamp. Written by the queue only, under its lock.</summary>
    public long LastReceived { get; set; }

    /// <summary>Whether its end is observed, so that it does not end by being idle.</summary>
    public bool IsWatched => Volatile.Read(ref _isWatched) != 0;

    /// <summary>Whether something is open in it: its end is observed, or requests are in progress.</summary>
    public bool IsOpen => IsWatched || Volatile.Read(ref _requests) > 0;

    /// <summary>The redaction that runs in the background, or ran last. Used by the writer only.</summary>
    public Task Redacting { get; set; } = Task.CompletedTask;

    private long FrameCount { get; set; }

    /// <summary>Marks its end as observed; false where it is already.</summary>
    public bool TryWatch() => Interlocked.Exchange(ref _isWatched, 1) == 0;

    /// <summary>Counts a request that begins.</summary>
    public void Enter() => Interlocked.Increment(ref _requests);

    /// <summary>Counts a request that ends, and returns the deferred end of the session where this was the last; null otherwise.</summary>
    public SessionEnd? Leave() => Interlocked.Decrement(ref _requests) == 0 ? Interlocked.Exchange(ref _deferredEnd, null) : null;

    /// <summary>Defers an end until nothing is open in the session; false where nothing is, so that it ends now.</summary>
    public bool TryDefer(SessionEnd end)
    {
        Interlocked.Exchange(ref _deferredEnd, end);
        return IsOpen || Interlocked.Exchange(ref _deferredEnd, null) is null;
    }

    /// <summary>Returns how many messages were dropped, and resets the count.</summary>
    public long TakeDropped()
    {
        var dropped = Dropped;
        Dropped = 0;
        return dropped;
    }

    /// <summary>Returns how many messages are missing before the next frame, and resets the count.</summary>
    public long TakeLost()
    {
        var lost = Lost;
        Lost = 0;
        return lost;
    }

    /// <summary>The session was created, or found.</summary>
    public void Opened(Session stored, long timestamp)
    {
        Stored = stored;
        Phase = RecordedSessionPhase.Open;
        FrameCount = stored.FrameCount;
        HasFrames |= stored.FrameCount > FramesOfMigration;
        LastWritten = timestamp;

        // A session that its peers or its operator ended stays ended, also where a last message arrives late.
        IsToReopen = stored.IsClosed
            && (stored.Boundary == SessionBoundary.Correlated || stored.Status == SessionStatus.TimedOut);
        Conversation.Join(stored);
    }

    /// <summary>Frames were appended.</summary>
    /// <param name="first">The sequence of the first.</param>
    /// <param name="count">How many.</param>
    /// <param name="timestamp">When.</param>
    public void Appended(long first, int count, long timestamp)
    {
        // The replica that wrote before may have closed the session when it stopped.
        IsToReopen |= first > FrameCount && MayGoOnElsewhere;
        FrameCount = first + count;
        LastWritten = timestamp;
    }

    /// <summary>The session was touched.</summary>
    public void Touched(long timestamp) => LastWritten = timestamp;

    /// <summary>How many frames the store lost, at least, from a sequence on.</summary>
    /// <param name="sequence">The sequence of the first lost frame.</param>
    public int CountLostFrom(long sequence) => (int)Math.Clamp(FrameCount - sequence, 1, int.MaxValue);

    /// <summary>Whether another replica wrote to the session since, or keeps it open, so that it does not end with its end here.</summary>
    /// <param name="current">The session as it stands.</param>
    /// <param name="openSince">A session that was touched since then is open elsewhere.</param>
    public bool IsContinuedByOthers(Session current, DateTimeOffset openSince) =>
        MayGoOnElsewhere && (current.FrameCount > FrameCount || current.LastActivity >= openSince);
}
