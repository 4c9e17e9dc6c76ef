using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>The one writer of a store: everything that changes the file goes through it in the order it came, many callers' writes in one commit.</summary>
/// <remarks>
/// <para>Where nothing is under way, a caller's write begins at once, on his own thread. What others ask for meanwhile waits, and is the next batch: one transaction, and one fsync, for all of it. Each write
/// stands or falls by itself: what it refuses it refuses before it has changed anything.</para>
/// <para>Where a statement fails, the transaction is rolled back and each write of the batch gets one of its own, so that nobody fails for what another one wrote.</para>
/// </remarks>
internal sealed class WriteQueue : IDisposable
{
    private const int MaxBatchWrites = 512;
    private const long MaxBatchBytes = 4 * 1024 * 1024;

    private readonly ConcurrentQueue<PendingWrite> _pending = new();
    private readonly StoreWriter _writer;
    private readonly FileFaults _faults;
    private readonly TimeSpan _lockTimeout;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isDisposed;
    private int _isRunning;

    public WriteQueue(StoreFile file, FileFaults faults, StoreClock clock)
    {
        _writer = new StoreWriter(file, clock);
        _faults = faults;
        _lockTimeout = file.LockTimeout;
    }

    /// <summary>Writes something.</summary>
    /// <param name="operation">The operation, for errors.</param>
    /// <param name="id">The session it is about, where there is one.</param>
    /// <param name="bytes">About how many bytes it writes.</param>
    /// <param name="write">Checks all it can, writes, and says what the caller gets, given the time. It throws a <see cref="SessionStoreException"/> before its first write, or never. It may be called again.</param>
    /// <param name="committed">Notifies of what was written, before the caller is completed; null for nothing.</param>
    /// <param name="cancellationToken">Stops waiting for its turn.</param>
    public ValueTask<T> RunAsync<T>(
        string operation, SessionId? id, long bytes, Func<StoreConnection, DateTimeOffset, T> write, Action<T>? committed, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        if (_isDisposed)
        {
            return ValueTask.FromException<T>(new ObjectDisposedException("SqliteSessionStore"));
        }

        var pending = new PendingWrite<T>(operation, id, bytes, write, committed);
        pending.CancelBy(cancellationToken);
        _pending.Enqueue(pending);
        Start();
        return new ValueTask<T>(pending.Task);
    }

    /// <summary>Takes no more writes. What waits is still written; then the writer closes the file.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        Start();
    }

    /// <summary>Completes when everything is written and the file is closed, after <see cref="Dispose"/>.</summary>
    public Task ClosedAsync() => _closed.Task;

    /// <summary>Begins to write, unless somebody does. Whoever does looks once more when it has let go.</summary>
    private void Start()
    {
        if (Interlocked.CompareExchange(ref _isRunning, 1, 0) == 0)
        {
            _ = RunBatchAsync();
        }
    }

    /// <summary>Writes a batch, and leaves the next one to the thread pool: behind the callers that this one has completed, whose next writes come along.</summary>
    private async Task RunBatchAsync()
    {
        var batch = TakeBatch();
        if (batch.Count > 0)
        {
            await WriteAsync(batch).ConfigureAwait(false);
        }

        if (!_pending.IsEmpty)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.RunBatchAsync(), this, preferLocal: false);
            return;
        }

        if (_isDisposed)
        {
            _writer.Dispose();
            _closed.TrySetResult();
        }

        Volatile.Write(ref _isRunning, 0);
        if (!_pending.IsEmpty || (_isDisposed && !_closed.Task.IsCompleted))
        {
            Start();
        }
    }

    private List<PendingWrite> TakeBatch()
    {
        var batch = new List<PendingWrite>();
        for (var bytes = 0L; batch.Count < MaxBatchWrites && bytes < MaxBatchBytes && _pending.TryDequeue(out var write);)
        {
            batch.Add(write);
            bytes += write.Bytes;
        }

        return batch;
    }

    /// <summary>Writes a batch and completes its callers, one way or the other.</summary>
    private async Task WriteAsync(List<PendingWrite> batch)
    {
        for (var wait = new LockWait(_lockTimeout); ;)
        {
            try
            {
                _writer.Commit(batch);
                break;
            }
            catch (StatementException fault) when (fault.IsBusy && wait.HasTime)
            {
                // Another process writes: it is tried again.
            }
#pragma warning disable CA1031 // Whatever was thrown, each caller gets it, or the outcome of its own.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                var isOutcomeUnknown = _writer.IsOutcomeUnknown;
                if (batch.Count > 1 && !isOutcomeUnknown && exception is not StatementException { IsBusy: true })
                {
                    await WriteEachAsync(batch).ConfigureAwait(false);
                }
                else
                {
                    batch.ForEach(write => write.Fail(exception, _faults, isOutcomeUnknown));
                }

                return;
            }

            await LockWait.PauseAsync(CancellationToken.None).ConfigureAwait(false);
        }

        batch.ForEach(static write => write.Complete());
    }

    private async Task WriteEachAsync(List<PendingWrite> batch)
    {
        foreach (var write in batch)
        {
            await WriteAsync([write]).ConfigureAwait(false);
        }
    }
}
