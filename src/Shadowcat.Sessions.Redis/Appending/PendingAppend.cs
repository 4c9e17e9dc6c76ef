namespace Shadowcat.Sessions.Redis;

/// <summary>One caller's frames, and the caller who waits until they are stored. It is pooled: an append allocates nothing but the stored form of its frames.</summary>
internal sealed class PendingAppend(AppendQueue queue) : PooledWait<long>, IBatchCaller
{
    private EncodedFrame[] _several = [];
    private EncodedFrame _one;
    private bool _isSettled;
    private long _sequence;

    public AppendQueue Queue => queue;

    public string Operation { get; private set; } = "";

    public SessionId Id { get; private set; }

    /// <summary>How many frames.</summary>
    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The generation that the frames are meant for; empty for the one that the id has.</summary>
    public Guid Generation { get; private set; }

    /// <summary>The sequence from which on the frames may be stored already, by an earlier call; -1 where they are surely not.</summary>
    public long Since { get; private set; }

    /// <summary>How long the caller waits at most.</summary>
    public TimeSpan Timeout { get; private set; }

    /// <summary>When the caller stops waiting, as a timestamp of the time provider.</summary>
    public long Deadline { get; private set; }

    /// <summary>The next pending append of its session. Guarded by the queue's lock.</summary>
    public PendingAppend? Next { get; set; }

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

    /// <summary>Fails the caller with a timeout if its time is up.</summary>
    /// <returns>Whether it was failed now.</returns>
    public bool EndIfOverdue(long now)
    {
        if (now < Deadline || !TryClaim())
        {
            return false;
        }

        Fail(new SessionTimeoutException(Operation, Id, Timeout, innerException: null, queue.Address.EndPoint));
        return true;
    }

    /// <summary>Fails the caller, whose frames were not sent, if its time is up or the circuit is open.</summary>
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

    /// <summary>Fails the caller, whose frames were not sent, because the circuit is open.</summary>
    public void Refuse(RedisCircuit circuit)
    {
        if (TryClaim())
        {
            Fail(circuit.Refuse(Operation, Id));
        }
    }

    /// <summary>Notes that the server has the frames and nothing refers to their buffers any more, so that these can be used again. The worker calls it before it releases the append.</summary>
    public void Settle() => _isSettled = true;

    /// <summary>Notes the sequence of the first frame, for <see cref="Complete"/>.</summary>
    public void Answer(long sequence) => _sequence = sequence;

    public void Complete(bool here)
    {
        TryComplete(_sequence, here);
        Release();
    }

    protected override void Clear()
    {
        for (var i = 0; _isSettled && i < Count; i++)
        {
            this[i].Return();
        }

        (_one, _several, _isSettled) = (default, [], false);
    }

    protected override void ReturnToPool() => queue.Return(this);

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
