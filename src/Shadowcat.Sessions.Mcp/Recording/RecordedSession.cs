namespace Shadowcat.Sessions.Mcp;

/// <summary>A session that is being recorded.</summary>
/// <param name="described">The session to create. Its id is settled when it is opened where its boundary is correlated.</param>
/// <param name="key">Under which it is kept in mind; null where whoever records it holds it.</param>
internal sealed class RecordedSession(Session described, string? key = null)
{
    /// <summary>Before the first message, migration says what the client can do.</summary>
    private const int FramesOfMigration = 1;

    private int _isWatched;
    private int _requests;
    private SessionEnd? _forgotten;

    /// <summary>The session to create.</summary>
    public Session Described { get; } = described;

    /// <summary>Under which it is kept in mind.</summary>
    public string? Key { get; } = key;

    /// <summary>Whether its key is what another session may have handed out, so that it goes on with that.</summary>
    public bool Continues { get; init; }

    /// <summary>Whether it handed out what requests at other replicas may name.</summary>
    public bool HandsOut { get; set; }

    /// <summary>True where others, in this process or another, may record the same session: then finding it there is no mistake.</summary>
    public bool IsShared => Key is not null && Described.Boundary is SessionBoundary.Correlated or SessionBoundary.Handshake;

    /// <summary>What its messages say about it. The writer's.</summary>
    public Conversation Conversation { get; } = new(described.Boundary);

    /// <summary>Whether it is there to append to. The writer's.</summary>
    public RecordedSessionPhase Phase { get; set; }

    /// <summary>The session as it was when it was opened; null before. The writer's.</summary>
    public Session? Stored { get; private set; }

    /// <summary>Whether it may have been closed, because it fell silent or another replica stopped, and goes on here. The writer's.</summary>
    public bool IsToReopen { get; set; }

    /// <summary>Whether others, who found it in the store, may have written to it since.</summary>
    private bool MayGoOnElsewhere => Described.Boundary == SessionBoundary.Correlated || HandsOut;

    /// <summary>How many of its messages are missing before the next that is stored. The writer's.</summary>
    public long Lost { get; set; }

    /// <summary>How many of its messages are not in the store. The writer's.</summary>
    public long TotalLost { get; set; }

    /// <summary>Whether a frame of it was made, here or elsewhere. The writer's.</summary>
    public bool HasFrames { get; set; }

    /// <summary>How many bytes of its messages were kept here. The writer's.</summary>
    public long KeptBytes { get; set; }

    /// <summary>When the writer wrote last, as a timestamp. The writer's.</summary>
    public long LastWritten { get; private set; }

    /// <summary>Whether its end was seen. The queue's, under its lock.</summary>
    public bool HasEnded { get; set; }

    /// <summary>How many messages found no room since the last that did. The queue's, under its lock.</summary>
    public long Dropped { get; set; }

    /// <summary>When a message was accepted last, as a timestamp. The queue's, under its lock.</summary>
    public long LastSeen { get; set; }

    /// <summary>Whether somebody tells when it ends, so that silence does not mean its end.</summary>
    public bool IsWatched => Volatile.Read(ref _isWatched) != 0;

    /// <summary>Whether something is open in it: it is watched, or requests are under way.</summary>
    public bool IsOpen => IsWatched || Volatile.Read(ref _requests) > 0;

    /// <summary>What is redacted of it, or was last. The writer's.</summary>
    public Task Redacting { get; set; } = Task.CompletedTask;

    private long FrameCount { get; set; }

    /// <summary>Says that somebody tells when it ends; false where that was said before.</summary>
    public bool TryWatch() => Interlocked.Exchange(ref _isWatched, 1) == 0;

    /// <summary>Says that a request is under way.</summary>
    public void Enter() => Interlocked.Increment(ref _requests);

    /// <summary>Says that a request is over, and how the session ends with it; null where it goes on.</summary>
    public SessionEnd? Leave() => Interlocked.Decrement(ref _requests) == 0 ? Interlocked.Exchange(ref _forgotten, null) : null;

    /// <summary>Says that it is no longer kept in mind, and ends when nothing is open in it any more; false where that is so already.</summary>
    public bool TryForget(SessionEnd end)
    {
        Interlocked.Exchange(ref _forgotten, end);
        return IsOpen || Interlocked.Exchange(ref _forgotten, null) is null;
    }

    /// <summary>Takes the count of messages that found no room.</summary>
    public long TakeDropped()
    {
        var dropped = Dropped;
        Dropped = 0;
        return dropped;
    }

    /// <summary>Takes the count of messages that are missing before the next.</summary>
    public long TakeLost()
    {
        var lost = Lost;
        Lost = 0;
        return lost;
    }

    /// <summary>Notes that it was created, or found.</summary>
    public void Opened(Session stored, long timestamp)
    {
        Stored = stored;
        Phase = RecordedSessionPhase.Open;
        FrameCount = stored.FrameCount;
        HasFrames |= stored.FrameCount > FramesOfMigration;
        LastWritten = timestamp;

        // What its peers or its operator ended stays ended, also where a last message comes late.
        IsToReopen = stored.IsClosed
            && (stored.Boundary == SessionBoundary.Correlated || stored.Status == SessionStatus.TimedOut);
        Conversation.Join(stored);
    }

    /// <summary>Notes that frames were appended.</summary>
    /// <param name="first">The sequence of the first.</param>
    /// <param name="count">How many.</param>
    /// <param name="timestamp">When.</param>
    public void Appended(long first, int count, long timestamp)
    {
        // Who wrote last before may have closed it when it stopped.
        IsToReopen |= first > FrameCount && MayGoOnElsewhere;
        FrameCount = first + count;
        LastWritten = timestamp;
    }

    /// <summary>Notes that it was kept alive.</summary>
    public void Touched(long timestamp) => LastWritten = timestamp;

    /// <summary>How many frames are gone, at least, where one of them is, and all behind it may be.</summary>
    /// <param name="sequence">The sequence of that one.</param>
    public int CountLostFrom(long sequence) => (int)Math.Clamp(FrameCount - sequence, 1, int.MaxValue);

    /// <summary>Tells whether somebody else wrote to it since, or keeps it open, so that its end here is not its end.</summary>
    /// <param name="current">The session as it stands.</param>
    /// <param name="openSince">Since when it was touched where something is open in it.</param>
    public bool IsContinuedByOthers(Session current, DateTimeOffset openSince) =>
        MayGoOnElsewhere && (current.FrameCount > FrameCount || current.LastActivity >= openSince);
}
