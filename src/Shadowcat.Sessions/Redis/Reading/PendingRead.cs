namespace Shadowcat.Sessions;

/// <summary>A session that a caller waits for.</summary>
internal sealed class PendingRead(SessionId id) : TaskCompletionSource<SessionAnswer>, IThreadPoolWorkItem
{
    private SessionAnswer _answer;
    private Exception? _fault;

    public SessionId Id => id;

    /// <summary>Tells the caller what was answered, or why nothing was.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="fault">Why there is none.</param>
    /// <param name="here">Whether the caller goes on right here, on this thread, rather than on one of the pool.</param>
    public void Tell(SessionAnswer answer, Exception? fault, bool here)
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
