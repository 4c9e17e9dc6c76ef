namespace Shadowcat.Sessions.Redis;

/// <summary>How many frames, and bytes of them, may wait or be under way in all queues of a store. Those that find no room wait for it, first come first served.</summary>
/// <remarks>Whoever does not fit even where nothing else is there is let in then.</remarks>
internal sealed class AppendRoom(int maxFrames, long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Queue<PendingAppend> _waiting = new();

    /// <summary>How many wait, down to when the last of them has its place in its queue: until then nobody passes by.</summary>
    private int _waitingCount;
    private long _frames;
    private long _bytes;

    /// <summary>How many frames have room now.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>How many bytes of them.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Takes room, if there is and nobody waits for it.</summary>
    public bool TryTake(PendingAppend append) => Volatile.Read(ref _waitingCount) == 0 && TryReserve(append);

    /// <summary>Waits for room, and then for the server in the append's own queue.</summary>
    public void Wait(PendingAppend append)
    {
        lock (_lock)
        {
            _waiting.Enqueue(append);
            Volatile.Write(ref _waitingCount, _waitingCount + 1);
        }

        LetIn(); // what made it wait may be gone by now
    }

    /// <summary>Gives room back.</summary>
    public void Give(long frames, long bytes)
    {
        Release(frames, bytes);
        if (Volatile.Read(ref _waitingCount) > 0)
        {
            LetIn();
        }
    }

    /// <summary>Tells those whose time is up, and those who wait for a server that is known not to answer.</summary>
    public void EndOverdue(long now)
    {
        if (Volatile.Read(ref _waitingCount) == 0)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var append in _waiting)
            {
                append.EndUnsent(now, append.Queue.Circuit);
            }
        }

        LetIn();
    }

    private void LetIn()
    {
        List<(AppendQueue Queue, AppendLane Lane)>? lanes = null;
        lock (_lock)
        {
            while (_waiting.TryPeek(out var append))
            {
                var isOver = append.IsCompleted;
                if (!isOver && !TryReserve(append))
                {
                    break;
                }

                _waiting.Dequeue();
                if (isOver)
                {
                    append.Release();
                }
                else if (append.Queue.Place(append) is { } lane)
                {
                    (lanes ??= []).Add((append.Queue, lane));
                }

                Volatile.Write(ref _waitingCount, _waitingCount - 1);
            }
        }

        lanes?.ForEach(static lane => lane.Queue.Start(lane.Lane));
    }

    private bool TryReserve(PendingAppend append)
    {
        var frames = Interlocked.Add(ref _frames, append.Count);
        var bytes = Interlocked.Add(ref _bytes, append.Bytes);
        if ((frames <= maxFrames && bytes <= maxBytes) || frames == append.Count)
        {
            return true;
        }

        Release(append.Count, append.Bytes);
        return false;
    }

    private void Release(long frames, long bytes)
    {
        Interlocked.Add(ref _frames, -frames);
        Interlocked.Add(ref _bytes, -bytes);
    }
}
