namespace Shadowcat.Sessions;

/// <summary>A caller's frames on their way, and the caller who waits for them: an append allocates nothing but its stored form.</summary>
internal sealed class PendingAppend(AppendQueue queue) : PooledWait<long>
{
    private EncodedFrame[] _several = [];
    private EncodedFrame _one;
    private bool _isSettled;

    public AppendQueue Queue => queue;

    public string Operation { get; private set; } = "";

    public SessionId Id { get; private set; }

    /// <summary>How many frames.</summary>
    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>When the caller stops waiting, as a timestamp of the time provider.</summary>
    public long Deadline { get; private set; }

    /// <summary>The one that waits behind it in its session. Guarded by the queue's lock.</summary>
    public PendingAppend? Behind { get; set; }

    public EncodedFrame this[int frame] => Count == 1 ? _one : _several[frame];

    public void Begin(string operation, SessionId id, EncodedFrame frame, long deadline)
    {
        _one = frame;
        Begin(operation, id, 1, frame.Length, deadline);
    }

    public void Begin(string operation, SessionId id, EncodedFrame[] frames, long deadline)
    {
        (_one, _several) = (frames[0], frames);
        Begin(operation, id, frames.Length, frames.Sum(frame => (long)frame.Length), deadline);
    }

    /// <summary>Tells the caller if its time is up.</summary>
    public void EndIfOverdue(long now, TimeSpan timeout)
    {
        if (now >= Deadline)
        {
            TryFail(new SessionTimeoutException(Operation, Id, timeout));
        }
    }

    /// <summary>Notes that the server has the frames, and nothing refers to their buffers any more: these can be used again. Whoever carries the append says so before letting go.</summary>
    public void Settle() => _isSettled = true;

    protected override void Clear()
    {
        for (var i = 0; _isSettled && i < Count; i++)
        {
            this[i].Return();
        }

        (_one, _several, _isSettled) = (default, [], false);
    }

    protected override void GiveBack() => queue.GiveBack(this);

    private void Begin(string operation, SessionId id, int count, long bytes, long deadline)
    {
        Operation = operation;
        Id = id;
        Count = count;
        Bytes = bytes;
        Deadline = deadline;
        Begin();
    }
}
