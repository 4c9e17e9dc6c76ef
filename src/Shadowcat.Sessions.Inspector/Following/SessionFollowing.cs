using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Follows one session for pages that have come equally far: tells them frames as they come, says when they do not come because the store is away, and ends where the session does.</summary>
/// <remarks>
/// What pages cost must not grow with what is written. So a follower is asked for frames once a batch, and not woken for each; and a following that falls behind follows no more, but reads what
/// is stored in bulk, at a pace that all of them share.
/// </remarks>
internal sealed class SessionFollowing : IDisposable
{
    /// <summary>Pages are told of frames no oftener: what comes meanwhile is told together.</summary>
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(40);

    /// <summary>What is taken while it follows: the more was told, the longer the next is collected.</summary>
    private const double MaxPerSecond = 2500;

    private readonly SessionAccess _access;
    private readonly SharedFollowings _shared;
    private readonly ReadingBudget _budget;
    private readonly TimeProvider _time;
    private readonly SummaryBatch _batch = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;
    private long _next;

    /// <summary>Whether more is stored than one batch takes.</summary>
    private bool _isBehind;

    /// <summary>Whether another following goes on in its place.</summary>
    private bool _isMerged;

    /// <summary>When the last batch was told, how many frames it had, and how long to wait behind it for the sake of others.</summary>
    private (long At, int Count, TimeSpan Pause) _last;

    public SessionFollowing(SessionAccess access, SharedFollowings shared, Session session, long next, ReadingBudget budget, TimeProvider time)
    {
        (_access, _shared, _next, _budget, _time, _stop) = (access, shared, next, budget, time, _stopping.Token);
        (Key, Events) = ((session.Id, session.Generation), new RecentEvents(next));
        Watch = new SessionWatch(access, session, Events, time, _stop);
        _isBehind = IsFarBehind(session);
    }

    /// <summary>What it follows: a session that replaces it under the same id is another one.</summary>
    public (SessionId Id, Guid Generation) Key { get; }

    /// <summary>What pages are told.</summary>
    public RecentEvents Events { get; }

    /// <summary>The session itself, and whether the store is there.</summary>
    public SessionWatch Watch { get; }

    /// <summary>How many pages take part. Guarded by whoever counts them.</summary>
    public int Pages { get; set; }

    /// <summary>How long to collect frames until they may be told.</summary>
    private TimeSpan CollectTime
    {
        get
        {
            var left = Longer(Longer(BatchTime, TimeSpan.FromSeconds(_last.Count / MaxPerSecond)), _last.Pause) - _time.GetElapsedTime(_last.At);
            return Longer(left, TimeSpan.Zero);
        }
    }

    /// <summary>Begins. It outlasts the request that it begins with, and is no part of it.</summary>
    public void Start()
    {
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(RunAsync, CancellationToken.None);
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await FollowToEndAsync().ConfigureAwait(false);

            Events.Complete();
        }
        catch (Exception exception)
        {
            // The pages report it; where it was stopped there are none.
            Events.Complete(exception);
        }
        finally
        {
            _budget.Leave(this);
            _batch.Dispose();
        }
    }

    private async Task FollowToEndAsync()
    {
        while (!_isMerged)
        {
            try
            {
                await CatchUpAsync().ConfigureAwait(false);
                if (await FollowAsync().ConfigureAwait(false))
                {
                    await Watch.LookAsync(IsFarBehind).ConfigureAwait(false);
                    await TellAsync(FollowEvent.OfEnd("closed", Watch.Session.CloseReason)).ConfigureAwait(false);
                    return;
                }
            }
            catch (SessionSerializationException exception)
            {
                _batch.AddUnreadable(_next++, exception.Reason);
                await TellBatchAsync().ConfigureAwait(false);
            }
            catch (SessionStoreException exception) when (exception.IsTransient)
            {
                await Watch.TellAbsenceAsync(exception).ConfigureAwait(false);
                await Task.Delay(SessionWatch.Interval, _time, _stop).ConfigureAwait(false);
            }
            catch (Exception exception) when (ReasonOf(exception) is { } reason)
            {
                await TellAsync(FollowEvent.OfEnd(reason, Problem.Of(exception)!.Message)).ConfigureAwait(false);
                return;
            }
        }
    }

    private bool IsFarBehind(Session session) => session.FrameCount - _next > SummaryBatch.MaxCount;

    /// <summary>Why a following ends that cannot go on; null for what is none of the store's.</summary>
    private static string? ReasonOf(Exception exception) => exception switch
    {
        SessionNotFoundException or ProblemException { Status: StatusCodes.Status404NotFound } => "gone",
        FramesTrimmedException => "trimmed",
        FramesLostException => "lost",
        SessionStoreException or ProblemException => "failed",
        _ => null,
    };

    /// <summary>Reads what is stored, a full batch at a time, until less than one is left.</summary>
    private async Task CatchUpAsync()
    {
        while (_isBehind && !_isMerged)
        {
            var size = _budget.BatchSize;
            _next = await _batch.FillAsync(_access.Store, Key.Id, _next, size, _stop).ConfigureAwait(false);
            _isBehind = _batch.Count >= size;
            _budget.Note(this, Watch.Growth, _isBehind);
            await TellBatchAsync().ConfigureAwait(false);
            if (_isBehind)
            {
                await Task.Delay(_last.Pause, _time, _stop).ConfigureAwait(false);
                await Watch.LookIfDueAsync(IsFarBehind).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Tells frames as they come.</summary>
    /// <returns>True where no more are to come; false where it fell behind, or another goes on in its place.</returns>
    private async Task<bool> FollowAsync()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        var frames = _access.Store.FollowFramesAsync(Key.Id, FrameRange.From(_next), stopping.Token).GetAsyncEnumerator(stopping.Token);
        Task<bool>? coming = null;
        try
        {
            while (!_isBehind && !_isMerged)
            {
                coming ??= frames.MoveNextAsync().AsTask();
                await WaitAsync(coming).ConfigureAwait(false);
                if (!await coming.ConfigureAwait(false))
                {
                    return true;
                }

                Take(frames.Current);

                // Whoever asks for no frame is not woken by each that is appended meanwhile.
                await Task.Delay(CollectTime, _time, _stop).ConfigureAwait(false);
                for (coming = null; coming is null && !_batch.IsFull;)
                {
                    var moving = frames.MoveNextAsync();
                    if (!moving.IsCompletedSuccessfully)
                    {
                        coming = moving.AsTask();
                    }
                    else if (await moving.ConfigureAwait(false))
                    {
                        Take(frames.Current);
                    }
                    else
                    {
                        return true;
                    }
                }

                _isBehind = _batch.IsFull || IsFarBehind(Watch.Session);
                Watch.Growth = _batch.Count / Longer(_time.GetElapsedTime(_last.At), BatchTime).TotalSeconds;
                _budget.Note(this, Watch.Growth, _isBehind);
                await TellBatchAsync().ConfigureAwait(false);
            }

            return false;
        }
        finally
        {
            await stopping.CancelAsync().ConfigureAwait(false);
            if (coming is not null)
            {
                // An enumeration that is under way must end before it is disposed of.
                await ((Task)coming).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await frames.DisposeAsync().ConfigureAwait(false);
            await TellBatchAsync().ConfigureAwait(false);
        }
    }

    private void Take(MessageEnvelope frame)
    {
        _batch.Add(frame);
        _next = frame.Sequence + 1;
    }

    /// <summary>Waits for the next frame. Meanwhile it looks at the session from time to time, whether frames come or not.</summary>
    private async Task WaitAsync(Task coming)
    {
        while (true)
        {
            await Task.WhenAny(coming, Watch.Due).ConfigureAwait(false);
            _stop.ThrowIfCancellationRequested();
            if (coming.IsFaulted)
            {
                // Whether the session can be read says nothing then.
                return;
            }

            await Watch.LookIfDueAsync(IsFarBehind).ConfigureAwait(false);
            _budget.Note(this, Watch.Growth, isBehind: false);
            if (coming.IsCompleted)
            {
                return;
            }
        }
    }

    private async ValueTask TellBatchAsync()
    {
        if (_batch.Count > 0 && !_stop.IsCancellationRequested)
        {
            _last = (_time.GetTimestamp(), _batch.Count, _budget.PauseAfter(_batch.Count));
            var told = FollowEvent.OfFrames(_next - _batch.Count, _next, _batch.Take());
            await TellAsync(told).ConfigureAwait(false);
            await Watch.TellPresenceAsync().ConfigureAwait(false);
            _isMerged = _shared.TryMerge(this, _next);
        }
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private ValueTask TellAsync(FollowEvent told) => Events.PublishAsync(told, _stop);
}
