using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The appends of one session that wait, and what is known of its list of frames.</summary>
/// <remarks>What waits is guarded by the queue's lock. What is known belongs to whoever has taken the channel; nobody else looks at it.</remarks>
internal sealed class SessionChannel
{
    private readonly RedisPartition _partition;

    public SessionChannel(SessionId id, RedisPartition partition)
    {
        // Looked up once: meanwhile others may come to know the list of a later session of this id, and the place of one is none of the other.
        var list = partition.Lists[id];
        (Id, List, ListKey, Next) = (id, list, KeyOf(partition, id, list), list.Counted);
        SessionKey = (byte[])partition.Session(id)!;
        _partition = partition;
    }

    public SessionId Id { get; }

    public RedisKey SessionKey { get; }

    public ref WaitingAppends Waiting => ref _waiting;

    /// <summary>Whether its session has, or may get, another channel: then nothing is to wait in this one.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>Whether it stands in line for a flight, or is part of one: a session is never in two.</summary>
    public bool IsTaken { get; set; }

    /// <summary>The list, as far as it is known.</summary>
    public KnownList List { get; private set; }

    public RedisKey ListKey { get; private set; }

    /// <summary>The sequence of the first frame in the list.</summary>
    public long First { get; private set; }

    /// <summary>How many sequences there are at least: the one behind the last frame that is known to be stored.</summary>
    public long Next { get; private set; }

    /// <summary>The last frame that was acknowledged here, which every script looks for; null where there is none, or it need not be there.</summary>
    public FrameMark? Acknowledged { get; private set; }

    /// <summary>The sequence of a frame that was acknowledged here and is gone, of which those who append have to be told; null where there is none.</summary>
    public long? Lost { get; set; }

    /// <summary>Something may still be on its way that nobody waits for any more: the list needs another token before anything else is appended.</summary>
    public bool NeedsNewList { get; private set; }

    /// <summary>Whether somebody follows the session, and is to be told of what is pushed. As long as frames may be pushed, that is known.</summary>
    public bool IsFollowed { get; private set; }

    /// <summary>Whether the session was created anew by this process since: what is known is of another one. Set by whoever did.</summary>
    public bool IsOutdated
    {
        get => Volatile.Read(ref _isOutdated);
        set => Volatile.Write(ref _isOutdated, value);
    }

    /// <summary>Until when, as a timestamp, frames may be pushed without moving the session's deadline; and when half of that time is over.</summary>
    private long _freshUntil = long.MinValue;
    private long _halfFresh = long.MinValue;
    private long _abandonedUntil = long.MinValue;

    /// <summary>How many times the connection was lost, when this was learned.</summary>
    private int _breaks;

    /// <summary>How many sequences the session's field has counted.</summary>
    private long _counted;
    private WaitingAppends _waiting;
    private bool _isOutdated;

    /// <summary>Whether RPUSHX by itself keeps every promise: the list is known, the connection was not lost since, the deadline need not move yet, or not soon, and what was pushed is not too far ahead of what is counted.</summary>
    public bool CanPush(long now, int breaks, bool soon = false) =>
        now < (soon ? _halfFresh : _freshUntil) && breaks == _breaks && Next - _counted < ListField.MostAhead && !IsOutdated;

    /// <summary>Notes what the script said of the list, from when to when the deadline need not move, and whether somebody follows.</summary>
    /// <param name="reply">What it said of a block that is stored.</param>
    /// <param name="last">The last frame of that block.</param>
    /// <param name="fresh">From when to when the deadline need not move, as timestamps.</param>
    /// <param name="breaks">How many times the connection had been lost when the script was sent.</param>
    public void Learn(in AppendReply reply, FrameMark last, (long From, long Until) fresh, int breaks)
    {
        IsFollowed = reply.Followed > 0;
        First = reply.First;
        if (Acknowledged is not { } known || last.Sequence > known.Sequence || reply.Rest < 0)
        {
            // What was found again may be older than what came since.
            Acknowledged = last;
            Next = last.Sequence + 1;
        }

        NeedsNewList = false;
        _counted = reply.Counted;
        _freshUntil = fresh.Until;
        _halfFresh = fresh.From + ((fresh.Until - fresh.From) / 2);
        _breaks = breaks;
    }

    /// <summary>Notes the list that the session has. What was known of the list of another session is no measure for this one.</summary>
    public void Rename(KnownList list)
    {
        IsOutdated = false;
        if (list.Generation != List.Generation)
        {
            (Next, Acknowledged, NeedsNewList) = (list.Counted, null, false);
        }

        Next = Math.Max(Next, list.Counted);
        List = list;
        ListKey = KeyOf(_partition, Id, list);
        Forget();
        _partition.Lists.Note(Id, list);
    }

    /// <summary>Notes that the script found frames gone: from here on sequences go on at <paramref name="next"/>, in a list of another token.</summary>
    public void Lose(string token, long next)
    {
        Rename(List with { Token = token, Counted = next });
        (Next, Acknowledged, NeedsNewList, Lost) = (next, null, false, null);
    }

    /// <summary>Notes frames that were pushed.</summary>
    /// <param name="length">The length of the list then.</param>
    /// <param name="frames">How many were pushed.</param>
    /// <param name="stamp">The stamp of the last of them.</param>
    /// <returns>The sequence of the first.</returns>
    public long Pushed(long length, int frames, ulong stamp)
    {
        var sequence = First + length - frames;
        if (sequence < Next)
        {
            Lose(Next - 1);
        }

        Next = sequence + frames;
        Acknowledged = new FrameMark(Next - 1, stamp);
        return sequence;
    }

    /// <summary>Notes that a frame is gone which was acknowledged here.</summary>
    public void Lose(long sequence)
    {
        Lost ??= sequence;
        Forget();
    }

    /// <summary>The list is not, or not surely, as it was thought to be: the script has to say.</summary>
    public void Forget() => _freshUntil = _halfFresh = long.MinValue;

    /// <summary>Frames may be on their way that nobody waits for any more.</summary>
    /// <param name="until">When, as a timestamp, they surely are not any more.</param>
    public void Abandon(long until)
    {
        Forget();
        NeedsNewList = true;
        _abandonedUntil = until;
    }

    /// <summary>Whether it knows anything that an append could use.</summary>
    public bool IsOfUse(long now) => now < _freshUntil || (NeedsNewList && now < _abandonedUntil);

    private static RedisKey KeyOf(RedisPartition partition, SessionId id, KnownList list) => (byte[])partition.Frames(id, list.Token)!;
}
