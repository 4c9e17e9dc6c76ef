using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Redis;

/// <summary>The append cursors of a queue, as long as they are of use.</summary>
internal sealed class AppendCursors(RedisPartition partition, TimeProvider time)
{
    /// <summary>How many there are before the first sweep.</summary>
    private const int Many = 10_000;

    private readonly ConcurrentDictionary<SessionId, AppendCursor> _cursors = [];
    private int _count;
    private int _sweepAt = Many;

    /// <summary>The cursor of a session. It may be looked up outside of the queue's lock; then it may be removed before it is used, which it says.</summary>
    public AppendCursor this[SessionId id] => _cursors.TryGetValue(id, out var cursor) ? cursor : Add(id);

    /// <summary>Notes that a session was created: what its cursor knows is of an earlier generation.</summary>
    public void NoteCreated(SessionId id)
    {
        if (_cursors.TryGetValue(id, out var cursor))
        {
            cursor.IsOutdated = true;
        }
    }

    /// <summary>Removes idle cursors that know nothing an append could use, often enough that they never outnumber the others by far. Under the queue's lock.</summary>
    public void Sweep()
    {
        if (Volatile.Read(ref _count) < _sweepAt)
        {
            return;
        }

        var now = time.GetTimestamp();
        foreach (var (id, cursor) in _cursors)
        {
            if (!cursor.IsScheduled && !cursor.IsOfUse(now))
            {
                cursor.IsRemoved = true;
                if (_cursors.TryRemove(id, out _))
                {
                    Interlocked.Decrement(ref _count);
                }
            }
        }

        _sweepAt = Math.Max(Many, Volatile.Read(ref _count) * 2);
    }

    private AppendCursor Add(SessionId id)
    {
        var added = new AppendCursor(id, partition);
        var cursor = _cursors.GetOrAdd(id, added);
        if (ReferenceEquals(cursor, added))
        {
            Interlocked.Increment(ref _count);
        }

        return cursor;
    }
}
