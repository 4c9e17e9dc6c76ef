using System.Threading.Tasks.Sources;

namespace Shadowcat.Sessions.Redis;

/// <summary>A caller who waits for an answer. Pooled: waiting allocates nothing.</summary>
/// <remarks>
/// It has two holders, the caller and the sender, and returns to its pool when both have released it: a caller whose time is up stops waiting, while what was sent may still be
/// carried out.
/// </remarks>
internal abstract class PooledWait<T> : IValueTaskSource<T>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<T> _result;
    private CancellationTokenRegistration _cancellation;
    private int _holders;
    private int _completed;
    private T _answer = default!;

    /// <summary>Whether the caller is completed, or is about to be.</summary>
    public bool IsCompleted => Volatile.Read(ref _completed) != 0;

    /// <summary>The task of the caller. It has to be awaited exactly once.</summary>
    /// <param name="cancellationToken">Ends the waiting. What was not sent yet never is; what was sent may still be carried out.</param>
    public ValueTask<T> WaitAsync(CancellationToken cancellationToken)
    {
        var task = new ValueTask<T>(this, _result.Version);
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(
                static (wait, token) => ((PooledWait<T>)wait!).TryFail(new OperationCanceledException(token)), this);
        }

        return task;
    }

    /// <summary>Claims the right to complete the caller. Only the first gets true, and has to complete it.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _completed, 1) == 0;

    /// <summary>Completes the caller, which was claimed, with an exception.</summary>
    public void Fail(Exception exception)
    {
        _result.RunContinuationsAsynchronously = true; // who completes it has others to complete
        _result.SetException(exception);
    }

    /// <summary>Completes the caller with an exception, unless it was completed before.</summary>
    public void TryFail(Exception exception)
    {
        if (TryClaim())
        {
            Fail(exception);
        }
    }

    /// <summary>Completes the caller with a result, unless it was completed before.</summary>
    /// <param name="result">The result.</param>
    /// <param name="here">Whether the caller continues on this thread, rather than on one of the pool.</param>
    /// <returns>Whether the caller was completed now.</returns>
    public bool TryComplete(T result, bool here = false)
    {
        if (!TryClaim())
        {
            return false;
        }

        if (here)
        {
            Continue(result);
        }
        else
        {
            // To the global queue, where callers continue in the order in which they were completed. Left to itself, the source would use this thread's own queue, which
            // other threads look at last: what is queued behind the callers would overtake them.
            _answer = result;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return true;
    }

    void IThreadPoolWorkItem.Execute() => Continue(_answer);

    /// <summary>Releases it for one of the two holders.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            Clear();
            ReturnToPool();
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _result.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    public T GetResult(short token)
    {
        // Before anything is released: a caller who does not wait for the result must not lose it.
        if (_result.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("There is no result yet: the task has to be awaited.");
        }

        try
        {
            return _result.GetResult(token);
        }
        finally
        {
            // The version changes with the first await, not with the next caller: a second one throws also where the other holder has not let go yet.
            _result.Reset();
            _cancellation.Dispose();
            _cancellation = default;
            Release();
        }
    }

    /// <summary>Lets the caller continue on this thread. From then on this object may have other holders.</summary>
    private void Continue(T result)
    {
        _result.RunContinuationsAsynchronously = false;
        _result.SetResult(result);
    }

    /// <summary>Begins with both holders.</summary>
    protected void Begin()
    {
        _holders = 2;
        Volatile.Write(ref _completed, 0);
    }

    /// <summary>Drops what it refers to; it has no holder any more.</summary>
    protected abstract void Clear();

    /// <summary>Returns it to its pool.</summary>
    protected abstract void ReturnToPool();
}
