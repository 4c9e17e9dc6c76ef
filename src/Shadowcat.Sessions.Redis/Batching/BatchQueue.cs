namespace Shadowcat.Sessions.Redis;

/// <summary>What waits for the server, and the workers that send it in batches. While batches are under way, callers wait; the next batch takes them along.</summary>
/// <remarks>
/// <para>Several workers send at a time, so that the server has one batch to work on while another travels. An idle queue sends at once: a lone caller waits for
/// nobody. Otherwise a batch is filled behind the work that the thread pool has queued already. Among that work are the callers whom the last batch has just
/// completed, and their next calls come along.</para>
/// <para>A batch takes its fair share of what waits. If it took everything, one worker would before long carry all callers, and the server would have nothing to
/// do while they are completed.</para>
/// <para>The lock is held for bookkeeping only, never while something is sent or a caller is completed.</para>
/// </remarks>
/// <typeparam name="TWorker">The worker.</typeparam>
/// <param name="minShare">The smallest share of a batch: fewer entries are not worth another one.</param>
internal abstract class BatchQueue<TWorker>(int minShare)
    where TWorker : class, IBatchWorker
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Who may still start workers: the queue itself until it is stopped, and each worker while it runs.</summary>
    private int _holders = 1;
    private bool _isStopped;

    protected Lock Gate { get; } = new();

    protected TWorker[] Workers { get; init; } = [];

    /// <summary>Whether nothing is to be enqueued any more. Under the lock.</summary>
    protected bool IsStopped => _isStopped;

    /// <summary>How many entries wait that are in no batch. Under the lock.</summary>
    protected abstract int WaitingCount { get; }

    /// <summary>Starts a worker that <see cref="TakeIdle"/> returned: on this thread where no other one runs, else on the pool. Outside of the lock.</summary>
    public void Start(TWorker worker)
    {
        if (HasOtherBusy(worker))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static start => start.Queue.Run(start.Worker), (Queue: this, Worker: worker), preferLocal: false);
        }
        else
        {
            Run(worker);
        }
    }

    /// <summary>Takes an idle worker, for <see cref="Start"/>; null where all are busy, or nothing waits that is in no batch. Under the lock, after something was enqueued.</summary>
    protected TWorker? TakeIdle()
    {
        if (WaitingCount == 0)
        {
            return null;
        }

        foreach (var worker in Workers)
        {
            if (!worker.IsBusy)
            {
                Interlocked.Increment(ref _holders);
                worker.IsBusy = true;
                return worker;
            }
        }

        return null;
    }

    /// <summary>Whether any worker runs. Under the lock.</summary>
    protected bool HasBusy() => Array.Exists(Workers, static worker => worker.IsBusy);

    /// <summary>Called after a batch was filled, or nothing was there to fill it with. Outside of the lock.</summary>
    protected virtual void OnFilled()
    {
        // Nothing depends on it here.
    }

    /// <summary>Lets everything that waits be sent.</summary>
    /// <returns>Completes when no worker runs any more.</returns>
    protected Task StopAsync()
    {
        bool isFirst;
        lock (Gate)
        {
            (isFirst, _isStopped) = (!_isStopped, true);
        }

        if (isFirst)
        {
            Release();
        }

        return _drained.Task;
    }

    // A loop, as it runs for each lone caller: a delegate would be made each time.
    private bool HasOtherBusy(TWorker worker)
    {
        foreach (var other in Workers)
        {
            if (other != worker && other.IsBusy)
            {
                return true;
            }
        }

        return false;
    }

    private void Run(TWorker worker) => _ = RunAsync(worker);

    private async Task RunAsync(TWorker worker)
    {
        try
        {
            IBatchCaller? lone = null;
            bool more;
            do
            {
                more = TryContinue(worker, lone, out var next);
                OnFilled();
                if (next is not null)
                {
                    Start(next);
                }

                // A lone caller is completed last: where the worker has nothing more to do, the caller continues on this thread, and no time is lost changing threads.
                lone?.Complete(here: !more);
                if (more)
                {
                    lone = await worker.SendAsync().ConfigureAwait(false);
                    if (worker.IsShared)
                    {
                        await default(BehindQueuedWork);
                    }
                }
            }
            while (more);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Releases the batch that was sent, and fills the next.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="lone">The caller who is still to be completed.</param>
    /// <param name="next">An idle worker for what is left, to be started outside of the lock; null where there is none.</param>
    /// <returns>Whether there is a next batch.</returns>
    private bool TryContinue(TWorker worker, IBatchCaller? lone, out TWorker? next)
    {
        lock (Gate)
        {
            worker.Clear(lone);
            worker.IsBusy = worker.TryFill(Share());
            next = TakeIdle();
            return worker.IsBusy;
        }
    }

    /// <summary>How many entries a batch takes: as many as each worker would have, were they spread evenly.</summary>
    private int Share()
    {
        var entries = WaitingCount;
        foreach (var worker in Workers)
        {
            entries += worker.Count;
        }

        return Math.Max(minShare, (entries + Workers.Length - 1) / Workers.Length);
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _drained.TrySetResult();
        }
    }
}
