using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Redis;

/// <summary>The appends of one partition. A batch takes the frames of all sessions along that wait.</summary>
/// <remarks>
/// <para>A session is in one batch at most, which keeps each caller's order. So what waits here are sessions, each with its pending appends; capacity is counted in
/// frames and bytes, callers and their tasks are pooled, and callers time out by a timer. <see cref="BatchedCalls{TCall, TAnswer}"/> does without all of that; the
/// workers, their fair share and when they are started are the same.</para>
/// </remarks>
internal sealed class AppendQueue : BatchQueue<AppendWorker>, IAsyncDisposable
{
    private const int WorkerCount = 3;
    private const int MinShare = 4;

    private readonly AppendCursors _cursors;
    private readonly PendingSessions _pending;
    private readonly AppendPool _pool;
    private readonly AppendBudget _budget;
    private readonly bool _waitsForCapacity;
    private readonly RedisBackend _backend;
    private readonly RedisPartition _partition;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ITimer _watch;
    private readonly TimeSpan _watchInterval;
    private bool _watching;

    public AppendQueue(
        RedisBackend backend,
        RedisPartition partition,
        SessionStoreOptions options,
        AppendBudget budget,
        bool waitsForCapacity,
        SessionChangeListeners listeners,
        ILogger logger)
        : base(MinShare)
    {
        _backend = backend;
        _partition = partition;
        _cursors = new AppendCursors(partition, _time);
        _pending = new PendingSessions(oneCaller: options.FrameOverflow == FrameOverflow.Refuse);
        _pool = new AppendPool(this);
        _budget = budget;
        _waitsForCapacity = waitsForCapacity;
        Workers = [.. Enumerable.Range(0, WorkerCount).Select(_ => new AppendWorker(backend, partition, options, _pending, budget, listeners, logger))];
        _watchInterval = TimeSpan.FromMilliseconds(Math.Clamp(backend.Timeouts.Write.TotalMilliseconds / 20, 1, 50));
        _watch = _time.CreateTimer(static queue => ((AppendQueue)queue!).EndOverdue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public StoreAddress Address => _backend.Address;

    /// <summary>The circuit breaker of the server that the frames go to, as things are now.</summary>
    public RedisCircuit Circuit => _backend.Circuits.Of(_partition);

    protected override int WaitingCount => _pending.Count;

    /// <summary>Appends a frame; completes when the server has it.</summary>
    public ValueTask<long> AppendAsync(in RedisCall call, EncodedFrame frame, CancellationToken cancellationToken)
    {
        var append = _pool.Rent();
        append.Begin(call, frame);
        return SubmitAsync(append, cancellationToken);
    }

    /// <summary>Appends frames side by side; completes when the server has them.</summary>
    /// <param name="call">The call.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="generation">The generation that they are meant for; empty for the one that the id has.</param>
    /// <param name="since">The sequence from which on they may be stored already, by an earlier call; -1 where they are surely not.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<long> AppendAsync(in RedisCall call, EncodedFrame[] frames, Guid generation, long since, CancellationToken cancellationToken)
    {
        var append = _pool.Rent();
        append.Begin(call, frames, generation, since);
        return SubmitAsync(append, cancellationToken);
    }

    /// <summary>Enqueues an append that has capacity.</summary>
    /// <returns>An idle worker, to be started outside of any lock; null where there is none.</returns>
    public AppendWorker? Enqueue(PendingAppend append)
    {
        var cursor = _cursors[append.Id];
        lock (Gate)
        {
            if (!IsStopped)
            {
                _pending.Enqueue(cursor.IsRemoved ? _cursors[append.Id] : cursor, append);
                _cursors.Sweep();
                Watch();
                return TakeIdle();
            }
        }

        _budget.Return(append.Count, append.Bytes);
        append.TryFail(new SessionStoreUnavailableException(append.Operation, append.Id, "the store has been disposed of.", outcomeUnknown: false));
        append.Release();
        return null;
    }

    /// <summary>Notes that a session was created.</summary>
    public void NoteCreated(SessionId id) => _cursors.NoteCreated(id);

    /// <summary>Returns an append to the pool, which nobody holds any more.</summary>
    public void Return(PendingAppend append) => _pool.Return(append);

    /// <summary>Lets everything that waits be sent, within the callers' timeouts; what comes later is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _watch.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Filling a batch drops callers that were cancelled before they were sent, which frees capacity for those that wait for it.</summary>
    protected override void OnFilled() => _budget.Admit();

    private ValueTask<long> SubmitAsync(PendingAppend append, CancellationToken cancellationToken)
    {
        var task = append.WaitAsync(cancellationToken);
        if (Circuit is { IsOpen: true } circuit)
        {
            append.Refuse(circuit);
            append.Release();
        }
        else if (_budget.TryReserve(append))
        {
            if (Enqueue(append) is { } worker)
            {
                Start(worker);
            }
        }
        else if (_waitsForCapacity)
        {
            _budget.Wait(append);
        }
        else
        {
            append.TryFail(new SessionStoreUnavailableException(
                append.Operation,
                append.Id,
                $"the queue is full ({nameof(RedisSessionStoreOptions.MaxQueuedFrames)}, {nameof(RedisSessionStoreOptions.MaxQueuedBytes)}); nothing was done.",
                outcomeUnknown: false));
            append.Release();
        }

        return task;
    }

    /// <summary>Starts the timer that fails callers whose time is up or whose server does not answer.</summary>
    private void Watch()
    {
        if (!_watching)
        {
            _watching = true;
            _watch.Change(_watchInterval, _watchInterval);
        }
    }

    private void EndOverdue()
    {
        var now = _time.GetTimestamp();
        var circuit = Circuit;
        var unanswered = 0;
        _budget.EndOverdue(now);
        lock (Gate)
        {
            _pending.EndUnsent(now, circuit);
            foreach (var worker in Workers)
            {
                unanswered += worker.EndOverdue(now, circuit);
            }

            if (_pending.Count == 0 && !HasBusy())
            {
                _watching = false;
                _watch.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        for (; unanswered > 0; unanswered--)
        {
            circuit.Failed(new TimeoutException());
        }
    }
}
