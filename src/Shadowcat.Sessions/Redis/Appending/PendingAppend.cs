using System.Threading.Tasks.Sources;

namespace Shadowcat.Sessions;

/// <summary>A caller's frames on their way, and the caller who waits for them. Reused: an append allocates nothing but its stored form.</summary>
/// <remarks>
/// It has two holders, the caller and the queue, and goes back to the pool when both let go: a caller whose time is up stops waiting
/// while the frames may still be in flight.
/// </remarks>
internal sealed class PendingAppend(AppendQueue queue) : IValueTaskSource<long>
{
    private ManualResetValueTaskSourceCore<long> _result;
    private CancellationTokenRegistration _cancellation;
    private byte[][] _several = [];
    private byte[] _one = [];
    private int _holders;
    private int _completed;

    public AppendQueue Queue => queue;

    public string Operation { get; private set; } = "";

    public SessionId Id { get; private set; }

    /// <summary>How many frames.</summary>
    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>When the caller stops waiting, as a timestamp of the time provider.</summary>
    public long Deadline { get; private set; }

    public bool IsCompleted => Volatile.Read(ref _completed) != 0;

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

    /// <summary>The task of the caller, who has to await it once.</summary>
    public ValueTask<long> WaitAsync(CancellationToken cancellationToken)
    {
        var task = new ValueTask<long>(this, _result.Version);
        if (cancellationToken.CanBeCanceled)
        {
            // Still waiting, the frames are never sent; already in flight, they may be stored.
            _cancellation = cancellationToken.UnsafeRegister(
                static (append, token) => ((PendingAppend)append!).TryFail(new OperationCanceledException(token)), this);
        }

        return task;
    }

    /// <summary>Tells the caller, unless that has heard something else before.</summary>
    /// <param name="sequence">The sequence of its first frame.</param>
    /// <param name="here">Whether the caller goes on right here, on this thread, rather than on one of the pool.</param>
    public void TryComplete(long sequence, bool here = false)
    {
        if (Interlocked.Exchange(ref _completed, 1) == 0)
        {
            _result.RunContinuationsAsynchronously = !here;
            _result.SetResult(sequence);
        }
    }

    public void TryFail(Exception exception)
    {
        if (Interlocked.Exchange(ref _completed, 1) == 0)
        {
            _result.RunContinuationsAsynchronously = true;
            _result.SetException(exception);
        }
    }

    /// <summary>Tells the caller if its time is up.</summary>
    public void EndIfOverdue(long now, TimeSpan timeout)
    {
        if (now >= Deadline)
        {
            TryFail(new SessionTimeoutException(Operation, Id, timeout));
        }
    }

    /// <summary>One of the two holders lets go.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _one = [];
            _several = [];
            _result.Reset();
            queue.GiveBack(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _result.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    public long GetResult(short token)
    {
        // A second await of the same task finds another version here and throws, before anything is let go.
        _ = _result.GetStatus(token);
        try
        {
            return _result.GetResult(token);
        }
        finally
        {
            _cancellation.Dispose();
            _cancellation = default;
            Release();
        }
    }

    private void Begin(string operation, SessionId id, int count, long bytes, long deadline)
    {
        Operation = operation;
        Id = id;
        Count = count;
        Bytes = bytes;
        Deadline = deadline;
        _holders = 2;
        Volatile.Write(ref _completed, 0);
    }
}
