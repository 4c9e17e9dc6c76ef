using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>The appends of one session that wait, and what is known of its list of frames.</summary>
/// <remarks>What waits is guarded by the queue's lock. What is known belongs to whoever has taken the channel; nobody else looks at it.</remarks>
internal sealed class SessionChannel(SessionId id, RedisPartition partition)
{
    public SessionId Id { get; } = id;

    public RedisKey SessionKey { get; } = (byte[])partition.Session(id)!;

    public ref WaitingAppends Waiting => ref _waiting;

    /// <summary>Whether its session has, or may get, another channel: then nothing is to wait in this one.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>Whether it stands in line for a flight, or is part of one: a session is never in two.</summary>
    public bool IsTaken { get; set; }

    /// <summary>The name of the list, as far as it is known.</summary>
    public string List { get; private set; } = partition.Lists.Of(id);

    public RedisKey ListKey { get; private set; } = (byte[])partition.Frames(id, partition.Lists.Of(id))!;

    /// <summary>The sequence of the first frame in the list.</summary>
    public long First { get; private set; }

    /// <summary>The sequence behind the last frame that is known to be stored.</summary>
    public long Next { get; private set; }

    /// <summary>Something may still be on its way that nobody waits for any more: the list needs another name before anything else is appended.</summary>
    public bool NeedsNewList { get; private set; }

    /// <summary>Whether somebody follows the session, and is to be told of what is pushed. As long as frames may be pushed, that is known.</summary>
    public bool IsFollowed { get; private set; }

    /// <summary>Until when, as a timestamp, frames may be pushed without moving the session's deadline; and when half of that time is over.</summary>
    private long _freshUntil = long.MinValue;
    private long _halfFresh = long.MinValue;
    private long _abandonedUntil = long.MinValue;
    private WaitingAppends _waiting;

    /// <summary>Whether RPUSHX by itself keeps every promise: the list is known, and the deadline need not move yet, or not soon.</summary>
    public bool CanPush(long now, bool soon = false) => now < (soon ? _halfFresh : _freshUntil);

    /// <summary>Notes what the script said of the list, from when to when the deadline need not move, and whether somebody follows.</summary>
    public void Learn(long first, long next, (long From, long Until) fresh, bool isFollowed)
    {
        IsFollowed = isFollowed;
        First = first;
        Next = next;
        _freshUntil = fresh.Until;
        _halfFresh = fresh.From + ((fresh.Until - fresh.From) / 2);
        NeedsNewList = false;
    }

    /// <summary>Notes the name that the list has.</summary>
    public void Rename(string list)
    {
        List = list;
        ListKey = (byte[])partition.Frames(Id, list)!;
        Forget();
        partition.Lists.Note(Id, list);
    }

    /// <summary>Notes frames that were pushed.</summary>
    /// <returns>The sequence of the first; and whether frames that had been acknowledged before are gone.</returns>
    public (long Sequence, bool HasLostFrames) Pushed(long length, int frames)
    {
        var sequence = First + length - frames;
        var lost = sequence < Next;
        Next = sequence + frames;
        return (sequence, lost);
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
    public bool IsOfUse(long now) => CanPush(now) || (NeedsNewList && now < _abandonedUntil);
}
