using System.Threading.Tasks.Sources;

namespace Shadowcat.Sessions.Redis;

/// <summary>A caller who waits for something that is on its way. Reused: waiting allocates nothing.</summary>
/// <remarks>
/// It has two holders, the caller and whoever carries what is waited for, and goes back to its pool when both let go: a caller whose time is up stops
/// waiting while that may still be carried out.
/// </remarks>
internal abstract class PooledWait<T> : IValueTaskSource<T>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<T> _result;
    private CancellationTokenRegistration _cancellation;
    private int _holders;
    private int _completed;
    private T _answer = default!;

    /// <summary>Whether the caller has an answer, or somebody is about to give it one.</summary>
    public bool IsCompleted => Volatile.Read(ref _completed) != 0;

    /// <summary>The task of the caller, who has to await it once.</summary>
    /// <param name="cancellationToken">Ends the waiting. Not sent yet, what is waited for never is; on its way, it may be carried out.</param>
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

    /// <summary>Decides that the waiting ends now, unless that was decided already. Whoever gets true ends it, once.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _completed, 1) == 0;

    /// <summary>Ends the waiting, which was claimed, with an exception.</summary>
    public void Fail(Exception exception)
    {
        _result.RunContinuationsAsynchronously = true; // whoever ends it has others to look after
        _result.SetException(exception);
    }

    /// <summary>Tells the caller what went wrong, unless it has heard something else before.</summary>
    public void TryFail(Exception exception)
    {
        if (TryClaim())
        {
            Fail(exception);
        }
    }

    /// <summary>Tells the caller the result, unless it has heard something else before.</summary>
    /// <param name="result">The result.</param>
    /// <param name="here">Whether the caller goes on right here, on this thread, rather than on one of the pool.</param>
    /// <returns>Whether the caller was told.</returns>
    public bool TryComplete(T result, bool here = false)
    {
        if (!TryClaim())
        {
            return false;
        }

        if (here)
        {
            Tell(result);
        }
        else
        {
            // In the queue of all threads, where callers are taken up in the order in which they were told. Left to itself, the source would put them into that
            // of this thread, where another one finds them only once it has nothing else to do: what is queued behind them would overtake them.
            _answer = result;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return true;
    }

    void IThreadPoolWorkItem.Execute() => Tell(_answer);

    /// <summary>One of the two holders lets go.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            Clear();
            GiveBack();
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _result.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    public T GetResult(short token)
    {
        // Before anything is let go: a caller who does not wait for the result must not lose it.
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

    /// <summary>The caller goes on, on this thread: from then on this may be held by somebody else.</summary>
    private void Tell(T result)
    {
        _result.RunContinuationsAsynchronously = false;
        _result.SetResult(result);
    }

    /// <summary>Begins to be held by both.</summary>
    protected void Begin()
    {
        _holders = 2;
        Volatile.Write(ref _completed, 0);
    }

    /// <summary>Lets go of what it refers to; nobody holds it any more.</summary>
    protected abstract void Clear();

    /// <summary>Goes back to its pool.</summary>
    protected abstract void GiveBack();
}
