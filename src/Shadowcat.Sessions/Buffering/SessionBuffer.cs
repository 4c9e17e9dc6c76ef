using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions;

/// <summary>Takes calls in, each behind those of its session, and lets the store do them: the sessions side by side.</summary>
/// <remarks>The lock is held for bookkeeping only, never while the store is called or a call is completed.</remarks>
internal sealed class SessionBuffer : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SessionBacklogs _backlogs = new();
    private readonly KnownGenerations _known = new();
    private readonly BufferedCalls _calls;
    private readonly BacklogWorker _worker;
    private readonly TimeSpan _drainTimeout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IDisposable _levels;
    private volatile bool _isClosing;

    /// <param name="store">The store.</param>
    /// <param name="appends">Its repeatable appends.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="time">What pauses are measured by.</param>
    /// <param name="logger">Where it logs.</param>
    /// <param name="metrics">Where it counts.</param>
    public SessionBuffer(ISessionStore store, IRepeatableAppends appends, BufferedSessionStoreOptions options, TimeProvider time, ILogger logger, SessionMetrics metrics)
    {
        _drainTimeout = options.DrainTimeout;
        _time = time;
        _logger = logger;
        _calls = new BufferedCalls(options, metrics);
        Sessions = new BufferedReads(store, appends, _lock, _known, _backlogs);
        _worker = new BacklogWorker(_lock, _backlogs, _calls, Sessions, _known, options.MaxRetryDelay, time, logger);
        _levels = metrics.ObserveBufferedFrames(() => _calls.Frames);
    }

    /// <summary>The store, and what says which session has an id.</summary>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed of.</exception>
    public BufferedReads Sessions
    {
        get
        {
            ThrowIfDisposed();
            return field;
        }
    }

    public SessionBufferStatus Status
    {
        get
        {
            lock (_lock)
            {
                return new SessionBufferStatus
                {
                    State = _isClosing ? SessionBufferState.Disposed : _worker.Outage.State,
                    OutageSince = _worker.Outage.Since,
                    Fault = _worker.Outage.Fault,
                    WaitingFrames = _calls.Frames,
                    WaitingSessions = _calls.Sessions,
                    WaitingBytes = _calls.Bytes,
                    ReplayedFrames = _calls.Replayed,
                    RefusedFrames = _calls.Refused,
                    LostFrames = _calls.Lost,
                };
            }
        }
    }

    /// <summary>Whether the last call was refused, and what filled the buffer is still there.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
            {
                return _calls.IsFull;
            }
        }
    }

    /// <summary>Refuses to work once disposing has begun.</summary>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed of.</exception>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isClosing, typeof(BufferedSessionStore));

    /// <summary>Takes a call in, behind all others of its session.</summary>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed of.</exception>
    public void Add(BufferedCall call)
    {
        SessionBacklog backlog;
        bool isIdle;
        lock (_lock)
        {
            ThrowIfDisposed();
            Admit(call);
            backlog = _backlogs.Of(call.Id);
            backlog.Add(call, _known);
            isIdle = !backlog.IsTaken;
            backlog.IsTaken = true;
        }

        if (isIdle)
        {
            _worker.Start(backlog);
        }
    }

    /// <summary>Takes a call back, where it has not gone to the store yet.</summary>
    public void Withdraw(BufferedCall call)
    {
        lock (_lock)
        {
            if (call.Place is not null && _backlogs.Find(call.Id) is { } backlog)
            {
                backlog.Withdraw(call);
                _calls.GiveUp(call);
            }
        }
    }

    /// <summary>Waits until everything is done that is in the buffer for a session.</summary>
    /// <exception cref="SessionStoreUnavailableException">The store does not serve, so it takes its time; nothing was done.</exception>
    public async ValueTask PassAsync(string operation, SessionId id, CancellationToken cancellationToken)
    {
        BufferedBarrier barrier;
        lock (_lock)
        {
            if (_isClosing || _backlogs.Find(id) is not { IsTaken: true } backlog)
            {
                return;
            }

            barrier = new BufferedBarrier(operation, id);
            if (backlog.IsParked)
            {
                throw barrier.NotPassed();
            }

            _calls.Enter(barrier);
            backlog.Add(barrier, _known);
        }

        try
        {
            await barrier.Stored.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Withdraw(barrier);
        }
    }

    /// <summary>Waits for the store to take what is there, and says what it has not: a program may end without disposing of the buffer.</summary>
    public async Task DrainAsync()
    {
        Task drained;
        lock (_lock)
        {
            drained = _calls.WhenEmpty();
        }

        await drained.WaitAsync(_drainTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Status is { WaitingFrames: var frames, WaitingSessions: var sessions } && frames + sessions > 0)
        {
            BufferLog.LeftAtTheStop(_logger, frames, sessions);
        }
    }

    /// <summary>Takes nothing in any more, and waits for the store to take what is there.</summary>
    public async ValueTask DisposeAsync()
    {
        Task drained;
        lock (_lock)
        {
            _isClosing = true;
            drained = _calls.WhenEmpty();
        }

        await drained.WaitAsync(_drainTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Close();
    }

    /// <summary>Gives up what is there, and says so.</summary>
    public void Close()
    {
        List<(BufferedCall Call, bool MayBeDone)> left;
        lock (_lock)
        {
            if (_backlogs.IsClosed)
            {
                return;
            }

            _isClosing = true;
            left = _backlogs.Close();
            left.ForEach(entry => _calls.GiveUp(entry.Call));
        }

        _worker.Dispose();
        _levels.Dispose();
        foreach (var (call, mayBeDone) in left)
        {
            call.Fail(new SessionStoreUnavailableException(call.Operation, call.Id, "the buffer was disposed of before the store had taken it.", outcomeUnknown: mayBeDone));
        }

        if (left.Count > 0)
        {
            BufferLog.GivenUpAtTheEnd(_logger, left.Sum(entry => (long)entry.Call.Frames), left.Sum(entry => (long)entry.Call.Sessions));
        }
    }

    private void Admit(BufferedCall call)
    {
        var wasFull = _calls.WasRefused;
        if (_calls.TryEnter(call) is not { } limit)
        {
            return;
        }

        if (!wasFull)
        {
            BufferLog.Full(_logger, limit);
        }

        throw new SessionLimitExceededException(call.Operation, call.Id, limit, $"the buffer is full ({limit}); nothing was done.");
    }
}
