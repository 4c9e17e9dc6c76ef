using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The pending appends of one session, and what this process knows of its list of frames.</summary>
/// <remarks>What is pending is guarded by the queue's lock. What is known belongs to the worker whose batch the session is part of; nobody else looks at it.</remarks>
internal sealed class AppendCursor
{
    private readonly RedisPartition _partition;

    public AppendCursor(SessionId id, RedisPartition partition)
    {
        // Looked up once: the next moment somebody may note the list of a later generation, and places in one list mean nothing in another.
        var list = partition.Lists[id];
        (Id, List, ListKey, Next) = (id, list, KeyOf(partition, id, list), list.Counted);
        SessionKey = (byte[])partition.Session(id)!;
        _partition = partition;
    }

    public SessionId Id { get; }

    public RedisKey SessionKey { get; }

    public ref PendingAppends Pending => ref _pending;

    /// <summary>Whether it was removed: its session has, or may get, another cursor, and nothing is to be enqueued in this one.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Whether it waits for a batch, or is part of one. A session is never in two.</summary>
    public bool IsScheduled { get; set; }

    /// <summary>The list, as far as it is known.</summary>
    public KnownList List { get; private set; }

    public RedisKey ListKey { get; private set; }

    /// <summary>The sequence of the first frame in the list.</summary>
    public long First { get; private set; }

    /// <summary>How many sequences there are at least: the one behind the last frame that is known to be stored.</summary>
    public long Next { get; private set; }

    /// <summary>The last frame that was acknowledged here. Every script checks that it is still there. Null where there is none, or it may be gone.</summary>
    public FrameMark? Acknowledged { get; private set; }

    /// <summary>The sequence of a frame that was acknowledged here and is gone; the next callers fail with it. Null where there is none.</summary>
    public long? Lost { get; set; }

    /// <summary>Whether the list needs another fencing token before anything else is appended: a write may still be on its way that nobody waits for.</summary>
    public bool NeedsNewToken { get; private set; }

    /// <summary>Whether somebody follows the session and is to be notified of what is pushed. It is known as long as frames may be pushed.</summary>
    public bool IsFollowed { get; private set; }

    /// <summary>Whether this process has created the session anew since: what is known is of an earlier generation.</summary>
    public bool IsOutdated
    {
        get => Volatile.Read(ref _isOutdated);
        set => Volatile.Write(ref _isOutdated, value);
    }

    /// <summary>Until when, as a timestamp, frames may be pushed without moving the session's deadline; and when half of that time is over.</summary>
    private long _freshUntil = long.MinValue;
    private long _halfFresh = long.MinValue;
    private long _lateWritesUntil = long.MinValue;

    /// <summary>When the session was last known to be there, as a timestamp.</summary>
    private long _seen;

    /// <summary>How many times the connection had been lost when this was learned.</summary>
    private int _disconnects;

    /// <summary>How many sequences the session's field has counted.</summary>
    private long _counted;
    private PendingAppends _pending;
    private bool _isOutdated;

    /// <summary>Whether RPUSHX by itself keeps every promise: the list is known, the connection was not lost since, the deadline need not move yet, and not too many frames were pushed since the session's field counted them.</summary>
    /// <param name="now">The timestamp of now.</param>
    /// <param name="disconnects">How many times the connection has been lost until now.</param>
    /// <param name="soon">Whether the deadline must not be due soon either.</param>
    public bool CanPush(long now, int disconnects, bool soon = false) =>
        now < (soon ? _halfFresh : _freshUntil) && disconnects == _disconnects && Next - _counted < ListField.MostAhead && !IsOutdated;

    /// <summary>Notes what the script answered of the list, from when to when the deadline need not move, and whether somebody follows.</summary>
    /// <param name="reply">What it answered of frames that are stored.</param>
    /// <param name="last">The last of those frames.</param>
    /// <param name="fresh">From when to when the deadline need not move, as timestamps.</param>
    /// <param name="disconnects">How many times the connection had been lost when the script was sent.</param>
    public void Update(in AppendReply reply, FrameMark last, (long From, long Until) fresh, int disconnects)
    {
        IsFollowed = reply.Followed > 0;
        First = reply.First;
        if (Acknowledged is not { } known || last.Sequence > known.Sequence || reply.Rest < 0)
        {
            // Frames that were found again may be older than what was stored since.
            Acknowledged = last;
            Next = last.Sequence + 1;
        }

        NeedsNewToken = false;
        _counted = reply.Counted;
        _seen = fresh.From;
        _freshUntil = fresh.Until;
        _halfFresh = fresh.From + ((fresh.Until - fresh.From) / 2);
        _disconnects = disconnects;
    }

    /// <summary>Whether the session was known to be there at some timestamp since.</summary>
    public bool WasSeenSince(long timestamp) => _seen >= timestamp;

    /// <summary>Notes that the session was there.</summary>
    public void NoteSeen(long now) => _seen = now;

    /// <summary>Notes the list that the session has. What was known of the list of another generation does not hold for this one.</summary>
    public void UseList(KnownList list)
    {
        IsOutdated = false;
        if (list.Generation != List.Generation)
        {
            (Next, Acknowledged, NeedsNewToken) = (list.Counted, null, false);
        }

        Next = Math.Max(Next, list.Counted);
        List = list;
        ListKey = KeyOf(_partition, Id, list);
        MarkStale();
        _partition.Lists.Note(Id, list);
    }

    /// <summary>Notes that the script found frames gone. Sequences continue at <paramref name="next"/>, in a list with another token.</summary>
    public void ContinueAfterLoss(string token, long next)
    {
        UseList(List with { Token = token, Counted = next });
        (Next, Acknowledged, NeedsNewToken, Lost) = (next, null, false, null);
    }

    /// <summary>Notes frames that were pushed.</summary>
    /// <param name="length">The length of the list then.</param>
    /// <param name="frames">How many were pushed.</param>
    /// <param name="stamp">The stamp of the last of them.</param>
    /// <returns>The sequence of the first.</returns>
    public long NotePushed(long length, int frames, ulong stamp)
    {
        var sequence = First + length - frames;
        if (sequence < Next)
        {
            NoteLost(Next - 1);
        }

        Next = sequence + frames;
        Acknowledged = new FrameMark(Next - 1, stamp);
        return sequence;
    }

    /// <summary>Notes that a frame is gone which was acknowledged here.</summary>
    public void NoteLost(long sequence)
    {
        Lost ??= sequence;
        MarkStale();
    }

    /// <summary>What is known of the list may not hold any more: the next append goes by the script.</summary>
    public void MarkStale() => _freshUntil = _halfFresh = long.MinValue;

    /// <summary>Notes that frames may be on their way that nobody waits for any more.</summary>
    /// <param name="until">The timestamp from which on they surely cannot arrive.</param>
    public void ExpectLateWrites(long until)
    {
        MarkStale();
        NeedsNewToken = true;
        _lateWritesUntil = until;
    }

    /// <summary>Whether it knows anything that an append could use.</summary>
    public bool IsOfUse(long now) => now < _freshUntil || (NeedsNewToken && now < _lateWritesUntil);

    private static RedisKey KeyOf(RedisPartition partition, SessionId id, KnownList list) => (byte[])partition.Frames(id, list.Token)!;
}
