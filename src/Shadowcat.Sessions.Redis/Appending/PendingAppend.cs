namespace Shadowcat.Sessions.Redis;

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

    /// <summary>The session that the frames are meant for; empty for whichever has the id.</summary>
    public Guid Generation { get; private set; }

    /// <summary>From which sequence on the frames may stand already, by an earlier call; -1 where they surely do not.</summary>
    public long Since { get; private set; }

    /// <summary>How long the caller waits at most.</summary>
    public TimeSpan Timeout { get; private set; }

    /// <summary>When the caller stops waiting, as a timestamp of the time provider.</summary>
    public long Deadline { get; private set; }

    /// <summary>The one that waits behind it in its session. Guarded by the queue's lock.</summary>
    public PendingAppend? Behind { get; set; }

    public EncodedFrame this[int frame] => Count == 1 ? _one : _several[frame];

    public void Begin(in RedisCall call, EncodedFrame frame)
    {
        _one = frame;
        Begin(call, 1, frame.Length, generation: default, since: -1);
    }

    public void Begin(in RedisCall call, EncodedFrame[] frames, Guid generation, long since)
    {
        (_one, _several) = (frames[0], frames);
        Begin(call, frames.Length, frames.Sum(frame => (long)frame.Length), generation, since);
    }

    /// <summary>Tells the caller if its time is up.</summary>
    /// <returns>Whether it was told so now.</returns>
    public bool EndIfOverdue(long now)
    {
        if (now < Deadline || !TryClaim())
        {
            return false;
        }

        Fail(new SessionTimeoutException(Operation, Id, Timeout, innerException: null, queue.Address.EndPoint));
        return true;
    }

    /// <summary>Tells the caller, whose frames were not sent, if its time is up or the server is known not to answer.</summary>
    public void EndUnsent(long now, RedisCircuit circuit)
    {
        if (circuit.IsOpen)
        {
            Refuse(circuit);
        }
        else
        {
            EndIfOverdue(now);
        }
    }

    /// <summary>Tells the caller, whose frames were not sent, that they are not going to be.</summary>
    public void Refuse(RedisCircuit circuit)
    {
        if (TryClaim())
        {
            Fail(circuit.Refuse(Operation, Id));
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

    private void Begin(in RedisCall call, int count, long bytes, Guid generation, long since)
    {
        Operation = call.Operation;
        Id = call.Id.GetValueOrDefault();
        Count = count;
        Bytes = bytes;
        Generation = generation;
        Since = since;
        Timeout = call.Timeout;
        Deadline = call.Deadline;
        Begin();
    }
}
