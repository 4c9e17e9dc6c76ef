using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.Redis;

/// <summary>Awaited, it continues on the thread pool behind all work that is queued there already.</summary>
internal readonly struct BehindQueuedWork : ICriticalNotifyCompletion
{
    public bool IsCompleted => false;

    public BehindQueuedWork GetAwaiter() => this;

    public void GetResult()
    {
        // There is no result; awaiting takes the method.
    }

    public void OnCompleted(Action continuation) =>
        ThreadPool.QueueUserWorkItem(static action => action(), continuation, preferLocal: false);

    public void UnsafeOnCompleted(Action continuation) =>
        ThreadPool.UnsafeQueueUserWorkItem(static action => action(), continuation, preferLocal: false);
}
