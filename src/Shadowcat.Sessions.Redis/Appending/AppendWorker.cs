using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Redis;

/// <summary>Sends the batches of an <see cref="AppendQueue"/>, one after the other.</summary>
/// <remarks>
/// The frames of most sessions are pushed. RPUSHX by itself keeps every promise where the list is known and the deadline need not move, and the server refuses it where the
/// list is gone. Everything else goes by the script, which also finds out what became of a push that was not answered.
/// </remarks>
internal sealed class AppendWorker(
    RedisBackend backend,
    RedisPartition partition,
    SessionStoreOptions options,
    PendingSessions pending,
    AppendBudget budget,
    SessionChangeListeners listeners,
    ILogger logger) : IBatchWorker
{
    /// <summary>How long a write may be on its way at most that nobody waits for any more.</summary>
    private static readonly TimeSpan LatestArrival = TimeSpan.FromMinutes(10);

    /// <summary>For how long nobody looks again whether a session is there, where many sessions are pushed together.</summary>
    internal static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>A push does not look at bounds, and does not trim.</summary>
    private readonly bool _pushes = options.MaxFramesPerSession is null && options.MaxFramesBytesPerSession is null;

    private readonly AppendBatch _batch = new(budget);

    /// <summary>When the batch was sent, as a timestamp of the time provider.</summary>
    private long _begun;

    public bool IsBusy { get; set; }

    public int Count => _batch.Count;

    public bool IsShared => _batch.IsShared;

    private RedisCircuit Circuit => backend.Circuits.Of(partition);

    public void Clear(IBatchCaller? lone)
    {
        foreach (var session in _batch.Sessions)
        {
            pending.Reschedule(session.Cursor);
        }

        _batch.Clear(lone);
    }

    public bool TryFill(int share) => pending.TryFill(_batch, share);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<IBatchCaller?> SendAsync()
    {
        PendingAppend? lone = null;
        Volatile.Write(ref _begun, _time.GetTimestamp());
        if (Circuit is { IsOpen: true } circuit)
        {
            // Nothing of it has been sent.
            foreach (var session in _batch.OpenSessions())
            {
                session.Fail(append => circuit.Refuse(append.Operation, append.Id));
            }

            return null;
        }

        try
        {
            FailLost();
            var target = await backend.GetTargetAsync(partition).ConfigureAwait(false);
            if (_pushes && !target.Evicts)
            {
                _batch.Push(target, _time.GetTimestamp(), (long)(LookInterval.TotalSeconds * _time.TimestampFrequency), target.Disconnects);
            }

            var script = _batch.HasOpen ? RunScriptAsync(target) : Task.CompletedTask;
            await _batch.AnsweredAsync().ConfigureAwait(false);
            var look = await _batch.LookAsync().ConfigureAwait(false);
            for (var i = 0; i < _batch.Count; i++)
            {
                if (_batch[i].IsPushed)
                {
                    lone = await TakeAnswerAsync(_batch[i], look).ConfigureAwait(false);
                }
            }

            await script.ConfigureAwait(false);
            while (_batch.HasOpen)
            {
                await RunScriptAsync(target).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Not lost: it is handed to each caller.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            foreach (var session in _batch.OpenSessions())
            {
                Fail(session, exception, mayArriveLate: true);
            }
        }

        Record();
        return lone;
    }

    /// <summary>Fails the callers whose time is up, and those that wait behind the batch where the circuit is open. Under the queue's lock.</summary>
    /// <returns>How many callers were failed because the server did not answer, rather than because they waited behind others.</returns>
    public int EndOverdue(long now, RedisCircuit circuit)
    {
        var isUnanswered = _time.GetElapsedTime(Volatile.Read(ref _begun), now) >= backend.Timeouts.Write / 2;
        var unanswered = 0;
        foreach (var session in _batch.Sessions)
        {
            session.Cursor.Pending.EndUnsent(now, circuit);
            foreach (var append in session.Appends)
            {
                unanswered += append.EndIfOverdue(now) && isUnanswered ? 1 : 0;
            }
        }

        return unanswered;
    }

    /// <summary>Fails the callers of sessions whose acknowledged frames turned out to be gone, once: nothing of theirs is sent, and the next callers append again.</summary>
    private void FailLost()
    {
        foreach (var session in _batch.Sessions)
        {
            if (session.Cursor.Lost is { } sequence)
            {
                session.Cursor.Lost = null;
                session.FailLost(sequence);
            }
        }
    }

    private void Record()
    {
        if (backend.Telemetry.CountsAppendedFrames)
        {
            backend.Telemetry.CountAppendedFrames(_batch.CountStored());
        }

        backend.Metrics.Sent(_batch.Frames);
    }

    /// <summary>Waits for the answer to a push, and completes its callers.</summary>
    /// <param name="session">Whose frames were pushed.</param>
    /// <param name="look">Whether the sessions of the batch were there then.</param>
    /// <returns>The only caller of the batch, who is still to be completed; null where there are several, or the frames are not known to be stored.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<PendingAppend?> TakeAnswerAsync(SessionBatch session, SessionLook look)
    {
        var length = await session.TakeAnswerAsync(look).ConfigureAwait(false);
        if (length == 0)
        {
            // There is no list with that token, no session, or nobody knows: the script finds out.
            session.Cursor.MarkStale();
            return null;
        }

        Circuit.Answered();
        var sequence = session.NotePushed(length);
        if (session.Cursor.Lost is not null)
        {
            RedisLog.AcknowledgedFramesLost(logger);
            listeners.Notify(SessionChange.Gone(session.Cursor.Id));
        }
        else if (!listeners.IsEmpty)
        {
            listeners.Notify(new SessionActivity(session.Cursor.Id, frameCount: sequence + session.Frames));
        }

        var lone = _batch.LoneCaller;
        session.Complete(sequence, lone);
        if (session.Cursor.IsFollowed)
        {
            await FollowMessage.PublishAsync(backend, partition, session.Cursor.Id, sequence + session.Frames).ConfigureAwait(false);
        }

        return lone;
    }

    /// <summary>Sends by the script what is open and was not, or not surely, pushed.</summary>
    private async Task RunScriptAsync(RedisTarget target)
    {
        var sessions = _batch.OpenSessions();
        var call = new AppendFrames(partition, sessions, options, target.Disconnects);
        try
        {
            var sent = _time.GetTimestamp();
            var reply = await backend.SendAsync(partition, call.RunAsync, CancellationToken.None).ConfigureAwait(false);
            Circuit.Answered();
            call.NoteUnanswered();
            Complete(call, sent, reply.Span);
        }
#pragma warning disable CA1031 // Not lost: it is handed to each caller.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            call.NoteUnanswered();
            foreach (var session in sessions)
            {
                Fail(session, exception, RedisFaults.MayArriveLate(exception));
            }
        }
    }

    private void Complete(AppendFrames call, long sent, ReadOnlySpan<byte> bytes)
    {
        var reply = new AppendReply(bytes);
        if (call.Complete(ref reply, rest => (sent, sent + FreshFor(rest)), Refusal, listeners))
        {
            RedisLog.AcknowledgedFramesLost(logger);
        }
    }

    /// <summary>How long, in ticks of the time provider, frames may be pushed where the deadline need not move for some ms. It is a quarter less, because a push takes time.</summary>
    private long FreshFor(long rest) => rest * _time.TimestampFrequency * 3 / 4 / 1000;

    /// <summary>Fails the callers of a session. What was sent of it may still be carried out, but not after anything newer.</summary>
    private void Fail(SessionBatch session, Exception exception, bool mayArriveLate)
    {
        if (mayArriveLate || session.Fault is not null)
        {
            session.Cursor.ExpectLateWrites(until: _time.GetTimestamp() + (long)(LatestArrival.TotalSeconds * _time.TimestampFrequency));
        }
        else
        {
            session.Cursor.MarkStale();
        }

        listeners.Notify(SessionChange.Gone(session.Cursor.Id));
        var failed = session.Fail(append => backend.Translate(session.Fault ?? exception, append.Operation, append.Id, append.Timeout));
        for (var i = 0; i < failed; i++)
        {
            Circuit.Failed(exception);
        }
    }

    private SessionStoreException Refusal(SessionBatch session, PendingAppend append, AppendCode code, long value) => code switch
    {
        AppendCode.Missing or AppendCode.Ended when session.Fault is { } fault => new SessionStoreUnavailableException(
            append.Operation, append.Id, "the session has ended while these frames were on their way; whether they were stored before is unknown.", outcomeUnknown: true, fault),
        AppendCode.Ended => new SessionNotFoundException(append.Operation, append.Id),
        AppendCode.Missing => new SessionNotFoundException(append.Operation, append.Id),
        AppendCode.UnknownFormat => SessionHash.UnknownFormat(append.Operation, append.Id, value < 0 ? null : value),
        AppendCode.TooManyFrames => SessionLimitExceededException.TooManyFrames(append.Operation, append.Id, options),
        AppendCode.TooManyBytes => SessionLimitExceededException.TooManyFramesBytes(append.Operation, append.Id, options),
        AppendCode.OutcomeUnknown when append.Since >= 0 => new FramesTrimmedException(append.Operation, append.Id, append.Since, value),
        AppendCode.OutcomeUnknown => new SessionStoreUnavailableException(
            append.Operation, append.Id, "the connection broke, and frames were deleted since; whether these frames were among them is unknown.", outcomeUnknown: true),
        _ => FrameList.Damaged(append.Operation, append.Id),
    };
}
