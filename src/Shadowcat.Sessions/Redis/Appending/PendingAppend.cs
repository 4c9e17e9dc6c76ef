namespace Shadowcat.Sessions;

/// <summary>A caller's frames on their way, and the caller who waits for them: an append allocates nothing but its stored form.</summary>
internal sealed class PendingAppend(AppendQueue queue) : PooledWait<long>
{
    private byte[][] _several = [];
    private byte[] _one = [];

    public AppendQueue Queue => queue;

    public string Operation { get; private set; } = "";

    public SessionId Id { get; private set; }

    /// <summary>How many frames.</summary>
    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>When the caller stops waiting, as a timestamp of the time provider.</summary>
    public long Deadline { get; private set; }

    public byte[] this[int frame] => Count == 1 ? _one : _several[frame];

    public void Begin(string operation, SessionId id, byte[] frame, long deadline)
    {
        _one = frame;
        Begin(operation, id, 1, frame.Length, deadline);
    }

    public void Begin(string operation, SessionId id, byte[][] frames, long deadline)
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

    protected override void Clear() => (_one, _several) = ([], []);

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
