using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Redis;

/// <summary>Carries one flight after the other.</summary>
/// <remarks>
/// Most blocks are pushed: RPUSHX by itself keeps every promise where the list is known, a push is refused by a list that is not there (any more), and
/// the deadline need not move. Whatever it does not settle goes by the script, which also finds out what became of a push that was not answered.
/// </remarks>
internal sealed class AppendLane(
    RedisBackend backend, RedisPartition partition, SessionStoreOptions options, AppendRoom room, SessionChangeListeners listeners, ILogger logger)
{
    /// <summary>How long something may be on its way that nobody waits for any more, at most.</summary>
    private static readonly TimeSpan LatestArrival = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>A push does not look at bounds, and does not trim.</summary>
    private readonly bool _pushes = options.MaxFramesPerSession is null && options.MaxFramesBytesPerSession is null;

    public AppendFlight Flight { get; } = new(room);

    /// <summary>When the flight began, as a timestamp of the time provider.</summary>
    private long _begun;

    private RedisCircuit Circuit => backend.Circuits.Of(partition);

    /// <summary>Whether it is the server's silence that the flight's callers have waited for, rather than those before them.</summary>
    public bool IsUnanswered(long now) => _time.GetElapsedTime(Volatile.Read(ref _begun), now) >= backend.Timeouts.Write / 2;

    public bool IsBusy { get; set; }

    /// <summary>Sends the flight, and sees to it that each caller has an answer.</summary>
    /// <returns>The caller who is still to be told its sequence, where there is but one.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<(PendingAppend? Lone, long Sequence)> FlyAsync()
    {
        (PendingAppend?, long) lone = default;
        Volatile.Write(ref _begun, _time.GetTimestamp());
        if (Circuit is { IsOpen: true } circuit)
        {
            // Nothing of it has been sent.
            foreach (var block in Flight.OpenBlocks())
            {
                block.Fail(append => circuit.Refuse(append.Operation, append.Id));
            }

            return lone;
        }

        try
        {
            TellLosses();
            var target = await backend.GetTargetAsync(partition).ConfigureAwait(false);
            Push(target, _time.GetTimestamp());
            var script = Flight.HasOpen ? RunScriptAsync(target) : Task.CompletedTask;
            await Flight.AnsweredAsync().ConfigureAwait(false);
            for (var i = 0; i < Flight.Count; i++)
            {
                if (Flight[i].IsPushed)
                {
                    lone = await TakeAnswerAsync(Flight[i]).ConfigureAwait(false);
                }
            }

            await script.ConfigureAwait(false);
            while (Flight.HasOpen)
            {
                await RunScriptAsync(target).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Whatever went wrong, those who wait have to hear of it: it is handed to each of them.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            foreach (var block in Flight.OpenBlocks())
            {
                Fail(block, exception, mayArriveLate: true);
            }
        }

        Count();
        return lone;
    }

    /// <summary>Tells those who append to a session whose acknowledged frames turned out to be gone. Nothing of theirs is sent; the next are not told.</summary>
    private void TellLosses()
    {
        foreach (var block in Flight.Blocks)
        {
            if (block.Channel.Lost is { } sequence)
            {
                block.Channel.Lost = null;
                block.FailLost(sequence);
            }
        }
    }

    private void Count()
    {
        backend.Metrics.BatchFrames.Record(Flight.Frames);
        if (backend.Telemetry.CountsAppendedFrames)
        {
            backend.Telemetry.CountAppendedFrames(Flight.CountStored());
        }
    }

    /// <summary>Pushes every block that may be pushed. Where one has to go by the script, those that will have to before long go with it.</summary>
    private void Push(RedisTarget target, long now)
    {
        var breaks = target.Breaks;
        var pushable = _pushes && !target.Evicts ? Flight.CountPushable(now, breaks) : 0;
        if (pushable == 0)
        {
            return;
        }

        var all = pushable == Flight.Count;
        for (var i = 0; i < Flight.Count; i++)
        {
            if (Flight[i].IsOpen && Flight[i].CanPush(now, breaks, soon: !all))
            {
                Flight[i].Push(target);
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(PendingAppend? Lone, long Sequence)> TakeAnswerAsync(AppendBlock block)
    {
        var length = await block.TakeAnswerAsync().ConfigureAwait(false);
        if (length == 0)
        {
            // No list of that token, or nobody knows: the script finds out.
            block.Channel.Forget();
            return default;
        }

        Circuit.Answered();
        var sequence = block.Pushed(length);
        if (block.Channel.Lost is not null)
        {
            RedisLog.AcknowledgedFramesLost(logger);
            listeners.Notify(SessionChange.Gone(block.Channel.Id));
        }
        else if (!listeners.IsEmpty)
        {
            listeners.Notify(new SessionActivity(block.Channel.Id, frameCount: sequence + block.Frames));
        }

        var lone = Flight.LoneCaller;
        block.Complete(sequence, deferred: lone);
        if (block.Channel.IsFollowed)
        {
            await FollowMessage.PublishAsync(backend, partition, block.Channel.Id, sequence + block.Frames).ConfigureAwait(false);
        }

        return (lone, sequence);
    }

    /// <summary>Sends by the script what is open and was not pushed, or not surely.</summary>
    private async Task RunScriptAsync(RedisTarget target)
    {
        var blocks = Flight.OpenBlocks();
        var call = new AppendFrames(partition, blocks, options, target.Breaks);
        try
        {
            var sent = _time.GetTimestamp();
            var reply = await backend.SendAsync(partition, call.RunAsync, CancellationToken.None).ConfigureAwait(false);
            Circuit.Answered();
            call.NoteUnanswered();
            Complete(call, sent, reply.Span);
        }
#pragma warning disable CA1031 // Whatever went wrong, those who wait have to hear of it: it is handed to each of them.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            call.NoteUnanswered();
            foreach (var block in blocks)
            {
                Fail(block, exception, RedisFaults.MayArriveLate(exception));
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

    /// <summary>How long, in ticks of the time provider, frames may be pushed where the deadline need not move for some ms: a quarter less, for what a push may take.</summary>
    private long FreshFor(long rest) => rest * _time.TimestampFrequency * 3 / 4 / 1000;

    /// <summary>Tells a block's callers what went wrong. What was sent of it may still be carried out, but not after anything newer.</summary>
    private void Fail(AppendBlock block, Exception exception, bool mayArriveLate)
    {
        if (mayArriveLate || block.Fault is not null)
        {
            block.Channel.Abandon(until: _time.GetTimestamp() + (long)(LatestArrival.TotalSeconds * _time.TimestampFrequency));
        }
        else
        {
            block.Channel.Forget();
        }

        listeners.Notify(SessionChange.Gone(block.Channel.Id));
        var told = block.Fail(append => backend.Translate(block.Fault ?? exception, append.Operation, append.Id, append.Timeout));
        for (var i = 0; i < told; i++)
        {
            Circuit.Failed(exception);
        }
    }

    private SessionStoreException Refusal(AppendBlock block, PendingAppend append, AppendCode code, long value) => code switch
    {
        AppendCode.Missing or AppendCode.Ended when block.Fault is { } fault => new SessionStoreUnavailableException(
            append.Operation, append.Id, "the connection broke, and the session has ended since: whether these frames were stored before is unknown.", outcomeUnknown: true, fault),
        AppendCode.Ended => new SessionNotFoundException(append.Operation, append.Id),
        AppendCode.Missing => new SessionNotFoundException(append.Operation, append.Id),
        AppendCode.UnknownFormat => SessionHash.UnknownFormat(append.Operation, append.Id, value < 0 ? null : value),
        AppendCode.TooManyFrames => SessionLimitExceededException.TooManyFrames(append.Operation, append.Id, options),
        AppendCode.TooManyBytes => SessionLimitExceededException.TooManyFramesBytes(append.Operation, append.Id, options),
        AppendCode.OutcomeUnknown when append.Since >= 0 => new FramesTrimmedException(append.Operation, append.Id, append.Since, value),
        AppendCode.OutcomeUnknown => new SessionStoreUnavailableException(
            append.Operation, append.Id, "the connection broke, and since then frames were deleted: whether these were among them is unknown.", outcomeUnknown: true),
        _ => FrameList.Damaged(append.Operation, append.Id),
    };
}
