using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions;

/// <summary>Works on backlogs: gives the store one step after the other, completes the calls, and queues what the store does not serve.</summary>
/// <remarks>The lock is held for bookkeeping only, never while the store is called or a call is completed.</remarks>
internal sealed class BacklogWorker : IDisposable
{
    private readonly Lock _lock;
    private readonly SessionBacklogs _backlogs;
    private readonly BufferedCalls _calls;
    private readonly BufferedReads _sessions;
    private readonly KnownGenerations _known;
    private readonly ILogger _logger;
    private readonly bool _oneCaller;

    /// <param name="gate">The lock of the buffer.</param>
    /// <param name="backlogs">The backlogs of all sessions.</param>
    /// <param name="calls">What is in them.</param>
    /// <param name="sessions">The store.</param>
    /// <param name="known">Which generation an id had last.</param>
    /// <param name="longestPause">How long to pause at most before a store is tried again that does not serve.</param>
    /// <param name="time">What pauses are measured by.</param>
    /// <param name="logger">Where it logs.</param>
    public BacklogWorker(
        Lock gate, SessionBacklogs backlogs, BufferedCalls calls, BufferedReads sessions, KnownGenerations known, TimeSpan longestPause, TimeProvider time, ILogger logger)
    {
        _lock = gate;
        _backlogs = backlogs;
        _calls = calls;
        _sessions = sessions;
        _known = known;
        _logger = logger;
        _oneCaller = sessions.Options.FrameOverflow == FrameOverflow.Refuse;
        Outage = new BufferedOutage(
            gate, calls, longestPause, time, logger, ids => sessions.GetAsync(ids).AsTask(), (backlog, waiting) => RunAsync(backlog, most: waiting, isReplay: true));
    }

    /// <summary>What the store does not serve just now.</summary>
    public BufferedOutage Outage { get; }

    /// <summary>Begins to work on a backlog, which is taken.</summary>
    public void Start(SessionBacklog backlog) => _ = RunAsync(backlog, most: int.MaxValue, isReplay: false);

    /// <summary>Tries no more what the store does not serve.</summary>
    public void Dispose() => Outage.Dispose();

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
                await step.SendAsync(_sessions, backlog).ConfigureAwait(false);
            }
            catch (FramesLostException exception)
            {
                BufferLog.FramesLost(_logger);
                if (step.TryRepeatAfterLoss())
                {
                    continue;
                }

                Park(backlog, exception);
                return false;
            }
            catch (SessionStoreException exception) when (exception.IsTransient)
            {
                Park(backlog, exception);
                return false;
            }
#pragma warning disable CA1031 // Whatever went wrong, the calls that wait have to fail: each of them gets it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = exception;
            }

            Settle(backlog, step, failure, isReplay);
            most -= step.Calls.Count;
            if (most <= 0)
            {
                Start(backlog);
                break;
            }
        }

        return true;
    }

    private BufferedStep? TryTakeStep(SessionBacklog backlog)
    {
        lock (_lock)
        {
            backlog.Step = _backlogs.IsClosed ? null : backlog.Step ?? backlog.TakeStep(_oneCaller);
            backlog.IsTaken = backlog.Step is not null;
            return backlog.Step;
        }
    }

    private void Settle(SessionBacklog backlog, BufferedStep step, Exception? failure, bool isReplay)
    {
        List<BufferedCall> abandoned = [];
        lock (_lock)
        {
            if (_backlogs.IsClosed)
            {
                // The calls have failed already, with an unknown outcome.
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

            if (step is CreateStep create)
            {
                var created = failure is null ? create.Call.Session : null;
                if (created is not null)
                {
                    _known.Saw(backlog.Id, created.Generation, _known.Moment());
                }

                backlog.Settle(create.Call, created);
                if (created is null && create.Call.IsAccepted)
                {
                    // Whoever accepted these took it for granted that the session would be there.
                    abandoned = [.. backlog.BeforeCreate().Where(append => append.IsAccepted)];
                    abandoned.ForEach(backlog.Remove);
                    abandoned.ForEach(_calls.GiveUp);
                }
            }
        }

        if (failure is null)
        {
            step.Complete();
            return;
        }

        foreach (var call in step.Calls)
        {
            call.Fail(step.FailureFor(call, failure));
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
            if (_backlogs.IsClosed)
            {
                return;
            }

            barriers = [.. backlog.Waiting.OfType<BufferedBarrier>()];
            barriers.ForEach(backlog.Remove);
            barriers.ForEach(_calls.GiveUp);
            backlog.Hold();
            begins = Outage.Park(backlog, exception);
        }

        barriers.ForEach(barrier => barrier.Fail(barrier.NotPassed(exception)));
        if (begins)
        {
            Outage.Begin(exception);
        }
    }
}
