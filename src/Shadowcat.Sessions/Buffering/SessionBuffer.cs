using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions;

/// <summary>The backlogs of all sessions, and whoever works on them: each in its order, the sessions side by side.</summary>
/// <remarks>The lock is held for bookkeeping only, never while the store is called or a caller is told.</remarks>
internal sealed class SessionBuffer : IStoreLevels, IAsyncDisposable
{
    /// <summary>How many backlogs there are before those are forgotten in which nothing waits.</summary>
    private const int Many = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<SessionId, SessionBacklog> _backlogs = [];
    private readonly ISessionStore _store;
    private readonly bool _one;
    private readonly TimeSpan _drainTimeout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BufferedCalls _calls;
    private readonly BufferedOutage _outage;
    private readonly IDisposable _levels;
    private TaskCompletionSource? _drained;
    private int _sweepAt = Many;
    private bool _isFull;
    private bool _isClosing;
    private bool _isClosed;

    /// <param name="store">The store, which is <see cref="IRepeatableAppends"/> too.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="time">What pauses are measured by.</param>
    /// <param name="logger">Where it logs.</param>
    /// <param name="metrics">Where it counts.</param>
    public SessionBuffer(ISessionStore store, BufferedSessionStoreOptions options, TimeProvider time, ILogger logger, SessionMetrics metrics)
    {
        _store = store;
        _one = ((IRepeatableAppends)store).Options.FrameOverflow == FrameOverflow.Refuse;
        _drainTimeout = options.DrainTimeout;
        _time = time;
        _logger = logger;
        _calls = new BufferedCalls(options, metrics);
        _outage = new BufferedOutage(
            _lock, _calls, options.MaxRetryDelay, time, logger, (backlog, waiting) => RunAsync(backlog, most: waiting, isReplay: true));
        _levels = metrics.Observe(this);
    }

    public SessionBufferStatus Status
    {
        get
        {
            lock (_lock)
            {
                return new SessionBufferStatus
                {
                    State = _isClosing ? SessionBufferState.Disposed : _outage.State,
                    OutageSince = _outage.Since,
                    Fault = _outage.Fault,
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

    public long BufferedFrames => _calls.Frames;

    /// <summary>Whether what came last was refused, and what there was no room beside is still there.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
            {
                return _isFull && _calls.Count > 0;
            }
        }
    }

    /// <summary>Takes a call in, behind all others of its session.</summary>
    public void Add(BufferedCall call)
    {
        SessionBacklog backlog;
        bool isIdle;
        lock (_lock)
        {
            if (_isClosing)
            {
                throw new SessionStoreUnavailableException(call.Operation, call.Id, "the buffer has been disposed of.", outcomeUnknown: false);
            }

            Admit(call);
            backlog = Backlog(call.Id);
            call.Place = backlog.Waiting.AddLast(call);
            isIdle = !backlog.IsTaken;
            backlog.IsTaken = true;
        }

        if (isIdle)
        {
            _ = RunAsync(backlog, most: int.MaxValue, isReplay: false);
        }
    }

    /// <summary>Takes a call back, where it has not gone to the store yet.</summary>
    public void Withdraw(BufferedCall call)
    {
        lock (_lock)
        {
            if (call.Place is not null && _backlogs.TryGetValue(call.Id, out var backlog))
            {
                backlog.Remove(call);
                _calls.GiveUp(call);
                TellIfDrained();
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
            if (_isClosing || !_backlogs.TryGetValue(id, out var backlog) || !backlog.IsTaken)
            {
                return;
            }

            barrier = new BufferedBarrier(operation, id);
            if (backlog.IsParked)
            {
                throw NotPassed(barrier);
            }

            _calls.TryEnter(barrier);
            barrier.Place = backlog.Waiting.AddLast(barrier);
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

    /// <summary>Takes nothing in any more, and waits for the store to take what is there.</summary>
    public async ValueTask DisposeAsync()
    {
        Task drained;
        lock (_lock)
        {
            _isClosing = true;
            drained = _calls.Count == 0 ? Task.CompletedTask : (_drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        await drained.WaitAsync(_drainTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Close();
    }

    /// <summary>Gives up what is there, and says so.</summary>
    public void Close()
    {
        var left = new List<(BufferedCall Call, bool MayBeDone)>();
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            (_isClosing, _isClosed) = (true, true);
            foreach (var backlog in _backlogs.Values)
            {
                // What is on its way just now may still arrive, or has arrived.
                left.AddRange((backlog.Step?.Calls ?? []).Select(call => (call, backlog.Step!.MayBeDone || !backlog.IsParked)));
                while (backlog.Waiting.First is { Value: var waiting })
                {
                    backlog.Remove(waiting);
                    left.Add((waiting, false));
                }
            }

            left.ForEach(entry => _calls.GiveUp(entry.Call));
        }

        _outage.Dispose();
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

    private static SessionStoreUnavailableException NotPassed(BufferedBarrier barrier, Exception? fault = null) => new(
        barrier.Operation, barrier.Id, "the store does not serve, and what was given for the session before still waits for it; nothing was done.", outcomeUnknown: false, fault);

    private void Admit(BufferedCall call)
    {
        if (_calls.TryEnter(call) is not { } limit)
        {
            _isFull = false;
            return;
        }

        if (!_isFull)
        {
            _isFull = true;
            BufferLog.Full(_logger, limit);
        }

        throw new SessionLimitExceededException(call.Operation, call.Id, limit, $"the buffer is full ({limit}); nothing was done.");
    }

    private SessionBacklog Backlog(SessionId id)
    {
        if (_backlogs.TryGetValue(id, out var backlog))
        {
            return backlog;
        }

        if (_backlogs.Count >= _sweepAt)
        {
            foreach (var idle in _backlogs.Values.Where(idle => !idle.IsTaken).ToList())
            {
                _backlogs.Remove(idle.Id);
            }

            _sweepAt = Math.Max(Many, _backlogs.Count * 2);
        }

        _backlogs.Add(id, backlog = new SessionBacklog(id));
        return backlog;
    }

    /// <summary>Works on a backlog until nothing is left in it, or the store does not serve.</summary>
    /// <param name="backlog">The backlog, which is taken.</param>
    /// <param name="most">After how many calls somebody else goes on with it.</param>
    /// <param name="isReplay">Whether it had to wait.</param>
    /// <returns>Whether the store serves.</returns>
    private async Task<bool> RunAsync(SessionBacklog backlog, int most, bool isReplay)
    {
        while (TryTakeStep(backlog) is { } step)
        {
            Exception? failure = null;
            try
            {
                await step.SendAsync(_store, backlog).ConfigureAwait(false);
            }
            catch (SessionStoreException exception) when (Outages.Includes(exception))
            {
                Park(backlog, exception);
                return false;
            }
#pragma warning disable CA1031 // Whatever went wrong, those who wait have to hear of it: it is handed to each of them.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = exception;
            }

            Settle(backlog, step, failure, isReplay);
            most -= step.Calls.Count;
            if (most <= 0)
            {
                _ = RunAsync(backlog, int.MaxValue, isReplay: false);
                break;
            }
        }

        return true;
    }

    private BufferedStep? TryTakeStep(SessionBacklog backlog)
    {
        lock (_lock)
        {
            backlog.Step = _isClosed ? null : backlog.Step ?? backlog.TakeStep(_one);
            backlog.IsTaken = backlog.Step is not null;
            return backlog.Step;
        }
    }

    private void Settle(SessionBacklog backlog, BufferedStep step, Exception? failure, bool isReplay)
    {
        List<BufferedCall> abandoned = [];
        lock (_lock)
        {
            if (_isClosed)
            {
                // The callers were told already that nobody knows.
                return;
            }

            backlog.Step = null;
            foreach (var call in step.Calls)
            {
                if (failure is null)
                {
                    _calls.Store(call, isReplay);
                }
                else
                {
                    _calls.GiveUp(call);
                }
            }

            if (failure is not null && step.Calls is [BufferedCreate { IsAccepted: true }])
            {
                // Whoever accepted these took it for granted that the session would be there.
                abandoned = [.. backlog.Waiting.Where(call => call is BufferedAppend { IsAccepted: true })];
                abandoned.ForEach(backlog.Remove);
                abandoned.ForEach(_calls.GiveUp);
            }

            TellIfDrained();
        }

        if (failure is null)
        {
            step.Complete();
            return;
        }

        foreach (var call in step.Calls)
        {
            call.Fail(failure);
        }

        abandoned.ForEach(call => call.Fail(new SessionStoreException(
            call.Operation, call.Id, "the session it was accepted for could not be created; nothing was done.", failure)));
    }

    private void Park(SessionBacklog backlog, SessionStoreException exception)
    {
        List<BufferedBarrier> barriers;
        bool begins;
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            barriers = [.. backlog.Waiting.OfType<BufferedBarrier>()];
            barriers.ForEach(backlog.Remove);
            barriers.ForEach(_calls.GiveUp);
            begins = _outage.Park(backlog, exception);
        }

        barriers.ForEach(barrier => barrier.Fail(NotPassed(barrier, exception)));
        if (begins)
        {
            _outage.Begin(exception);
        }
    }

    private void TellIfDrained()
    {
        if (_calls.Count == 0)
        {
            _drained?.TrySetResult();
        }
    }
}
