namespace Shadowcat.Sessions.Redis;

/// <summary>The sessions whose appends wait to be sent, first come first served. Guarded by the queue's lock.</summary>
/// <param name="oneCaller">Whether a batch takes one caller's frames of a session only, because one caller may be refused where another is not.</param>
internal sealed class PendingSessions(bool oneCaller)
{
    private readonly Queue<AppendCursor> _cursors = new();

    /// <summary>How many sessions wait. Those that are part of a batch do not, whatever is pending for them.</summary>
    public int Count => _cursors.Count;

    /// <summary>Enqueues an append behind all others of its session.</summary>
    public void Enqueue(AppendCursor cursor, PendingAppend append)
    {
        cursor.Pending.Enqueue(append);
        if (!cursor.IsScheduled)
        {
            cursor.IsScheduled = true;
            _cursors.Enqueue(cursor);
        }
    }

    /// <summary>Fills a batch that is empty.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="share">How many sessions it takes at most.</param>
    /// <returns>Whether there was anything to take.</returns>
    public bool TryFill(AppendBatch batch, int share)
    {
        while (!batch.IsFull && batch.Count < share && _cursors.TryDequeue(out var cursor))
        {
            if (batch.TryTake(cursor, oneCaller))
            {
                continue;
            }

            Reschedule(cursor);
            if (cursor.IsScheduled)
            {
                // What is pending did not fit: this batch is full, and the session waits again.
                break;
            }
        }

        return !batch.IsEmpty;
    }

    /// <summary>Enqueues a session again that is part of a batch no more, where something is pending for it.</summary>
    public void Reschedule(AppendCursor cursor)
    {
        cursor.IsScheduled = !cursor.Pending.IsEmpty;
        if (cursor.IsScheduled)
        {
            _cursors.Enqueue(cursor);
        }
    }

    /// <summary>Fails the appends whose time is up, and all of them where the circuit is open.</summary>
    public void EndUnsent(long now, RedisCircuit circuit)
    {
        foreach (var cursor in _cursors)
        {
            cursor.Pending.EndUnsent(now, circuit);
        }
    }
}
