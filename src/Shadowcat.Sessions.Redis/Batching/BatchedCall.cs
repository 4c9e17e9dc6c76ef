namespace Shadowcat.Sessions.Redis;

/// <summary>A call whose answer a caller waits for.</summary>
internal sealed class BatchedCall<TCall, TAnswer>(TCall call) : TaskCompletionSource<TAnswer>, IBatchCaller, IThreadPoolWorkItem
{
    private TAnswer _answer = default!;
    private Exception? _fault;

    public TCall Call => call;

    /// <summary>Notes what was answered, or why nothing was. The caller waits until it is completed.</summary>
    public void Answer(TAnswer answer, Exception? fault) => (_answer, _fault) = (answer, fault);

    public void Complete(bool here)
    {
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
