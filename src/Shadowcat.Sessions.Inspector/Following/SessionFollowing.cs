using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Follows one session for one page: sends its frames as they come, says when they do not come because the store is away, and ends where the session does.</summary>
/// <remarks>
/// What a page costs must not grow with what is written. So a follower is asked for frames once a batch, and not woken for each; and a page that falls behind follows no more, but reads what
/// is stored in bulk, at a pace that all such pages share.
/// </remarks>
internal sealed class SessionFollowing : IDisposable
{
    /// <summary>A page is sent frames no oftener: what comes meanwhile is sent together.</summary>
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(40);

    /// <summary>How often the session is looked at while it is followed. A follower waits through an outage, so the look also says whether the store is there.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    /// <summary>What a page takes while it follows: the more was sent, the longer the next is collected.</summary>
    private const double MaxPerSecond = 2500;

    private readonly SessionAccess _access;
    private readonly HttpContext _context;
    private readonly ReadingBudget _budget;
    private readonly TimeProvider _time;
    private readonly FollowEvents _events;
    private readonly SummaryBatch _batch = new();
    private readonly CancellationToken _stop;
    private Session _session;
    private long _next;

    /// <summary>Whether more is stored than one batch takes.</summary>
    private bool _isBehind;

    /// <summary>When the last batch was sent, and how many it had.</summary>
    private (long At, int Count) _last;

    /// <summary>Completes when the session is to be looked at.</summary>
    private Task? _look;

    public SessionFollowing(SessionAccess access, HttpContext context, Session session, long next, EventWriter events, ReadingBudget budget, TimeProvider time, CancellationToken stop)
    {
        (_access, _context, _session, _next, _events, _budget, _time, _stop) = (access, context, session, next, new FollowEvents(events, time, stop), budget, time, stop);
        _isBehind = IsFarBehind;
    }

    private bool IsFarBehind => _session.FrameCount - _next > SummaryBatch.MaxCount;

    /// <summary>How long to collect frames until they may be sent.</summary>
    private TimeSpan CollectTime
    {
        get
        {
            var pace = TimeSpan.FromSeconds(_last.Count / MaxPerSecond);
            var left = (pace > BatchTime ? pace : BatchTime) - _time.GetElapsedTime(_last.At);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public void Dispose() => _batch.Dispose();

    public async Task RunAsync()
    {
        await _events.SendSessionAsync(_session).ConfigureAwait(false);
        while (true)
        {
            try
            {
                do
                {
                    await CatchUpAsync().ConfigureAwait(false);
                }
                while (!await FollowAsync().ConfigureAwait(false));

                await LookAsync().ConfigureAwait(false);
                await _events.SendEndAsync("closed", _session.CloseReason).ConfigureAwait(false);
                return;
            }
            catch (SessionSerializationException exception)
            {
                _batch.AddUnreadable(_next++, exception.Reason);
                await SendBatchAsync().ConfigureAwait(false);
            }
            catch (SessionStoreException exception) when (exception.IsTransient)
            {
                await _events.SendAwayAsync(exception).ConfigureAwait(false);
                await Task.Delay(LookInterval, _time, _stop).ConfigureAwait(false);
            }
            catch (Exception exception) when (ReasonOf(exception) is { } reason)
            {
                await _events.SendEndAsync(reason, Problem.Of(exception)!.Message).ConfigureAwait(false);
                return;
            }
        }
    }

    /// <summary>Why a following ends that cannot go on; null for what is none of the store's.</summary>
    private static string? ReasonOf(Exception exception) => exception switch
    {
        SessionNotFoundException or ProblemException => "gone",
        FramesTrimmedException => "trimmed",
        FramesLostException => "lost",
        SessionStoreException => "failed",
        _ => null,
    };

    /// <summary>Reads what is stored, a full batch at a time, until less than one is left.</summary>
    private async Task CatchUpAsync()
    {
        while (_isBehind)
        {
            _next = await _batch.FillAsync(_access.Store, _session.Id, _next, _stop).ConfigureAwait(false);
            _isBehind = _batch.IsFull;
            var pause = _budget.Use(_batch.Count);
            await SendBatchAsync().ConfigureAwait(false);
            if (_isBehind)
            {
                await Task.Delay(pause, _time, _stop).ConfigureAwait(false);
                await LookIfDueAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Sends frames as they come.</summary>
    /// <returns>True where no more are to come; false where the page fell behind.</returns>
    private async Task<bool> FollowAsync()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        var frames = _access.Store.FollowFramesAsync(_session.Id, FrameRange.From(_next), stopping.Token).GetAsyncEnumerator(stopping.Token);
        Task<bool>? coming = null;
        try
        {
            while (!_isBehind)
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

                _isBehind = _batch.IsFull || IsFarBehind;
                await SendBatchAsync().ConfigureAwait(false);
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
            await SendBatchAsync().ConfigureAwait(false);
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
            _look ??= Task.Delay(LookInterval, _time, _stop);
            await Task.WhenAny(coming, _look).ConfigureAwait(false);
            _stop.ThrowIfCancellationRequested();
            if (coming.IsFaulted)
            {
                // Whether the session can be read says nothing then.
                return;
            }

            await LookIfDueAsync().ConfigureAwait(false);
            if (coming.IsCompleted)
            {
                return;
            }
        }
    }

    private async ValueTask LookIfDueAsync()
    {
        _look ??= Task.Delay(LookInterval, _time, _stop);
        if (_look.IsCompleted)
        {
            _look = null;
            await TryLookAsync().ConfigureAwait(false);
            await _events.SendCommentAsync().ConfigureAwait(false);
        }
    }

    private async Task TryLookAsync()
    {
        try
        {
            await LookAsync().ConfigureAwait(false);
            await _events.SendLiveAsync().ConfigureAwait(false);
        }
        catch (SessionStoreException exception) when (exception.IsTransient)
        {
            await _events.SendAwayAsync(exception).ConfigureAwait(false);
        }
    }

    private async Task LookAsync()
    {
        var session = await _access.GetAsync(_context, _session.Id).ConfigureAwait(false);
        var isChanged = session.Version != _session.Version || session.Generation != _session.Generation || session.FirstSequence != _session.FirstSequence || session.ExpiresAt != _session.ExpiresAt;
        _session = session;
        if (isChanged || IsFarBehind)
        {
            await _events.SendSessionAsync(_session).ConfigureAwait(false);
        }
    }

    private async ValueTask SendBatchAsync()
    {
        if (_batch.Count > 0 && !_stop.IsCancellationRequested)
        {
            _last = (_time.GetTimestamp(), _batch.Count);
            await _events.SendFramesAsync(_batch.Take(), _next).ConfigureAwait(false);
            _batch.Clear();
        }
    }
}
