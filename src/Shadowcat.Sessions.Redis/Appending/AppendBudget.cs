namespace Shadowcat.Sessions.Redis;

/// <summary>How many frames, and bytes of them, may wait or be under way in all queues of a store. Appends that exceed it wait for capacity, first come first served.</summary>
/// <remarks>An append that exceeds the whole budget by itself is admitted when nothing else waits or is under way.</remarks>
internal sealed class AppendBudget(int maxFrames, long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Queue<PendingAppend> _waiting = new();

    /// <summary>How many appends wait. One counts until it has its place in its queue: until then no other one overtakes it.</summary>
    private int _waitingCount;
    private long _frames;
    private long _bytes;

    /// <summary>How many frames are admitted.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>How many bytes of them.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Reserves capacity, if there is enough and nobody waits for it.</summary>
    public bool TryReserve(PendingAppend append) => Volatile.Read(ref _waitingCount) == 0 && TryAdd(append);

    /// <summary>Lets an append wait for capacity, and then for the server in its own queue.</summary>
    public void Wait(PendingAppend append)
    {
        lock (_lock)
        {
            _waiting.Enqueue(append);
            Volatile.Write(ref _waitingCount, _waitingCount + 1);
        }

        AdmitWaiting(); // capacity may have come back meanwhile
    }

    /// <summary>Returns capacity. It takes no lock; who waits for capacity gets it by <see cref="Admit"/>.</summary>
    public void Return(long frames, long bytes)
    {
        Interlocked.Add(ref _frames, -frames);
        Interlocked.Add(ref _bytes, -bytes);
    }

    /// <summary>Admits appends that wait for capacity, as far as there is enough. Not to be called under a queue's lock.</summary>
    public void Admit()
    {
        if (Volatile.Read(ref _waitingCount) > 0)
        {
            AdmitWaiting();
        }
    }

    /// <summary>Fails the waiting appends whose time is up, or whose circuit is open.</summary>
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

        AdmitWaiting();
    }

    private void AdmitWaiting()
    {
        List<(AppendQueue Queue, AppendWorker Worker)>? idle = null;
        lock (_lock)
        {
            while (_waiting.TryPeek(out var append))
            {
                var isOver = append.IsCompleted;
                if (!isOver && !TryAdd(append))
                {
                    break;
                }

                _waiting.Dequeue();
                if (isOver)
                {
                    append.Release();
                }
                else if (append.Queue.Enqueue(append) is { } worker)
                {
                    (idle ??= []).Add((append.Queue, worker));
                }

                Volatile.Write(ref _waitingCount, _waitingCount - 1);
            }
        }

        idle?.ForEach(static start => start.Queue.Start(start.Worker));
    }

    private bool TryAdd(PendingAppend append)
    {
        var frames = Interlocked.Add(ref _frames, append.Count);
        var bytes = Interlocked.Add(ref _bytes, append.Bytes);
        if ((frames <= maxFrames && bytes <= maxBytes) || frames == append.Count)
        {
            return true;
        }

        Return(append.Count, append.Bytes);
        return false;
    }
}
