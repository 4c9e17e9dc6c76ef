namespace Shadowcat.Sessions.Redis;

/// <summary>A call whose answer a caller waits for.</summary>
internal sealed class SharedCall<TCall, TAnswer>(TCall call) : TaskCompletionSource<TAnswer>, IThreadPoolWorkItem
{
    private TAnswer _answer = default!;
    private Exception? _fault;

    public TCall Call => call;

    /// <summary>Tells the caller what was answered, or why nothing was.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="fault">Why there is none.</param>
    /// <param name="here">Whether the caller goes on right here, on this thread, rather than on one of the pool.</param>
    public void Tell(TAnswer answer, Exception? fault, bool here)
    {
        (_answer, _fault) = (answer, fault);
        if (here)
        {
            Execute();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    public void Execute()
    {
        if (_fault is null)
        {
            SetResult(_answer);
        }
        else
        {
            SetException(_fault);
        }
    }
}
