using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The frames that one worker sends together: of any number of callers, a <see cref="SessionBatch"/> for each session. Reused by its worker.</summary>
internal sealed class AppendBatch(AppendBudget budget)
{
    private const int MaxFrames = 512;
    private const long MaxBytes = 1024 * 1024;

    /// <summary>A batch of more sessions does not look at those that were seen a moment ago.</summary>
    private const int FewSessions = 8;

    private readonly List<SessionBatch> _sessions = [];
    private readonly List<SessionBatch> _pushed = [];
    private Task<long>? _existing;
    private int _looked;
    private long _pushedAt;
    private int _count;
    private int _frames;
    private long _bytes;

    public bool IsEmpty => _count == 0;

    public bool IsFull => _frames >= MaxFrames || _bytes >= MaxBytes;

    public ReadOnlySpan<SessionBatch> Sessions => CollectionsMarshal.AsSpan(_sessions)[.._count];

    /// <summary>Whether it has more than one caller.</summary>
    public bool IsShared => _count > 1 || _sessions[0].Appends.Count > 1;

    /// <summary>The only caller of the batch; null where there are several.</summary>
    public PendingAppend? LoneCaller => _count == 1 && _sessions[0].Appends is [var append] ? append : null;

    public SessionBatch this[int session] => _sessions[session];

    public int Count => _count;

    /// <summary>Whether a session's frames are open and not pushed.</summary>
    public bool HasOpen
    {
        get
        {
            foreach (var session in Sessions)
            {
                if (session is { IsOpen: true, IsPushed: false })
                {
                    return true;
                }
            }

            return false;
        }
    }

    public int Frames => _frames;

    /// <summary>
    /// Pushes the frames of every session that may be pushed, behind one EXISTS of these sessions: a push names the list, and where somebody removed a session and left its
    /// list, the server would take the frames. A batch of many sessions leaves out those that were seen a moment ago.
    /// </summary>
    /// <param name="target">Where to.</param>
    /// <param name="now">The timestamp of now.</param>
    /// <param name="lookInterval">For how long, in ticks of that clock, a session of a batch of many is not looked at again.</param>
    /// <param name="disconnects">How many times the connection has been lost until now.</param>
    /// <seealso href="https://redis.io/docs/latest/commands/exists/"/>
    public void Push(RedisTarget target, long now, long lookInterval, int disconnects)
    {
        var pushable = CountPushable(now, disconnects);
        if (pushable == 0)
        {
            return;
        }

        // Where some have to go by the script, those whose deadline is due soon go with them.
        var soon = pushable < _count;
        foreach (var session in Sessions)
        {
            if (session.IsOpen && session.CanPush(now, disconnects, soon))
            {
                _pushed.Add(session);
            }
        }

        _pushedAt = now;
        foreach (var session in _pushed)
        {
            session.IsLookedAt = _pushed.Count <= FewSessions || !session.Cursor.WasSeenSince(now - lookInterval);
            _looked += session.IsLookedAt ? 1 : 0;
        }

        _existing = _looked > 0 ? CountExistingAsync(target.Database) : null;
        _pushed.ForEach(session => session.Push(target));
    }

    /// <summary>Whether the sessions were there that were looked at.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<SessionLook> LookAsync()
    {
        if (_existing is null)
        {
            return new SessionLook(AllExist: true);
        }

        try
        {
            var existing = await _existing.ConfigureAwait(false);
            if (existing == _looked)
            {
                NoteSeen();
                return new SessionLook(AllExist: true);
            }

            return new SessionLook(AllExist: false, existing > 0 ? new UnseenSessionException() : null);
        }
#pragma warning disable CA1031 // Not lost: the script finds out, and where it cannot, the callers get this.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new SessionLook(AllExist: false, exception);
        }
    }

    /// <summary>Waits for the answer to what was pushed last. The others came before it, so whoever waits for them afterwards need not be woken for each.</summary>
    public ValueTask AnsweredAsync()
    {
        for (var i = _count - 1; i >= 0; i--)
        {
            if (_sessions[i].IsPushed)
            {
                return _sessions[i].AnsweredAsync();
            }
        }

        return default;
    }

    /// <summary>The sessions whose frames are open and not pushed.</summary>
    public SessionBatch[] OpenSessions() => [.. _sessions.Take(_count).Where(session => session is { IsOpen: true, IsPushed: false })];

    /// <summary>How many frames are stored.</summary>
    public int CountStored()
    {
        var stored = 0;
        foreach (var session in Sessions)
        {
            stored += session.IsStored ? session.Frames : 0;
        }

        return stored;
    }

    /// <summary>Takes the pending appends of a session, as far as they fit; the first always does.</summary>
    /// <param name="cursor">The session's cursor.</param>
    /// <param name="one">Whether to take one caller's frames only, because one caller may be refused where another is not. Frames that may be stored already, or that are
    /// meant for one generation of the session, are taken alone in any case: they are stored or refused by themselves.</param>
    /// <returns>Whether frames of this session are in the batch now.</returns>
    public bool TryTake(AppendCursor cursor, bool one)
    {
        if (_count == _sessions.Count)
        {
            _sessions.Add(new SessionBatch(budget));
        }

        var session = _sessions[_count];
        session.Begin(cursor);
        while (cursor.Pending.TryPeek(out var append))
        {
            if (append.IsCompleted)
            {
                // Its caller was cancelled or timed out before it was sent: it never is.
                cursor.Pending.Dequeue();
                budget.Return(append.Count, append.Bytes);
                append.Release();
                continue;
            }

            var fits = _frames == 0 || (_frames + append.Count <= MaxFrames && _bytes + append.Bytes <= MaxBytes);
            if (!fits || (session.Frames > 0 && (one || !session.Takes(append))))
            {
                break;
            }

            session.Add(cursor.Pending.Dequeue());
            _frames += append.Count;
            _bytes += append.Bytes;
        }

        _count += session.Frames > 0 ? 1 : 0;
        return session.Frames > 0;
    }

    /// <summary>Releases all callers, which are completed.</summary>
    /// <param name="lone">The caller that is still to be completed, and is not released here.</param>
    public void Clear(IBatchCaller? lone)
    {
        foreach (var session in Sessions)
        {
            session.Clear(lone);
        }

        _pushed.Clear();
        (_existing, _looked, _count, _frames, _bytes) = (null, 0, 0, 0, 0);
    }

    private void NoteSeen()
    {
        foreach (var session in _pushed)
        {
            if (session.IsLookedAt)
            {
                session.Cursor.NoteSeen(_pushedAt);
            }
        }
    }

    /// <summary>How many sessions may be pushed.</summary>
    private int CountPushable(long now, int disconnects)
    {
        var pushable = 0;
        foreach (var session in Sessions)
        {
            pushable += session.CanPush(now, disconnects) ? 1 : 0;
        }

        return pushable;
    }

    private Task<long> CountExistingAsync(IDatabase database)
    {
        var keys = new RedisKey[_looked];
        var key = 0;
        foreach (var session in _pushed)
        {
            if (session.IsLookedAt)
            {
                keys[key++] = session.Cursor.SessionKey;
            }
        }

        try
        {
            return database.KeyExistsAsync(keys);
        }
#pragma warning disable CA1031 // Not lost: it is in the task, and whatever keeps this from being sent keeps the pushes too.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Task.FromException<long>(exception);
        }
    }
}
