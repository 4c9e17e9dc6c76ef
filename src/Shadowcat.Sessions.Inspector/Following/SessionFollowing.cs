using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Follows one session for one page: sends its frames as they come, says when they do not come because the store is away, and ends where the session does.</summary>
internal sealed class SessionFollowing : IDisposable
{
    /// <summary>What comes within this time is sent together: a page paints no sooner.</summary>
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(40);

    /// <summary>How often the session is looked at while it is followed. A follower waits through an outage, so the look also says whether the store is there.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan CommentInterval = TimeSpan.FromSeconds(15);
    private const int MaxBatch = 500;

    private readonly SessionAccess _access;
    private readonly HttpContext _context;
    private readonly TimeProvider _time;
    private readonly EventWriter _events;
    private readonly SummaryBatch _batch = new();
    private readonly CancellationToken _stop;
    private Session _session;
    private long _next;
    private long _sent;
    private bool _isAway;

    /// <summary>Completes when what was collected is to be sent; null where nothing was.</summary>
    private Task? _due;

    /// <summary>Completes when the session is to be looked at.</summary>
    private Task? _look;

    public SessionFollowing(SessionAccess access, HttpContext context, Session session, long next, EventWriter events, TimeProvider time, CancellationToken stop)
    {
        (_access, _context, _session, _next, _events, _time, _stop) = (access, context, session, next, events, time, stop);
        _sent = time.GetTimestamp();
    }

    /// <summary>Whether there is something to do before the next frame, though that is there.</summary>
    private bool IsDue => _due is { IsCompleted: true } || _look is null or { IsCompleted: true };

    public void Dispose() => _batch.Dispose();

    public async Task RunAsync()
    {
        await SendSessionAsync().ConfigureAwait(false);
        while (true)
        {
            try
            {
                await FollowAsync().ConfigureAwait(false);
                await LookAsync().ConfigureAwait(false);
                await EndAsync("closed", _session.CloseReason).ConfigureAwait(false);
                return;
            }
            catch (SessionSerializationException exception)
            {
                _batch.AddUnreadable(_next++, exception.Reason);
                await SendBatchAsync().ConfigureAwait(false);
            }
            catch (SessionStoreException exception) when (exception.IsTransient)
            {
                await SayAwayAsync(exception).ConfigureAwait(false);
                await Task.Delay(LookInterval, _time, _stop).ConfigureAwait(false);
            }
            catch (Exception exception) when (ReasonOf(exception) is { } reason)
            {
                await EndAsync(reason, Problem.Of(exception)!.Message).ConfigureAwait(false);
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

    private async Task FollowAsync()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        var frames = _access.Store.FollowFramesAsync(_session.Id, FrameRange.From(_next), stopping.Token).GetAsyncEnumerator(stopping.Token);
        Task<bool>? coming = null;
        try
        {
            while (true)
            {
                var moving = frames.MoveNextAsync();
                bool hasNext;
                if (moving.IsCompletedSuccessfully && !IsDue)
                {
                    hasNext = moving.Result;
                }
                else
                {
                    coming = moving.AsTask();
                    await WaitAsync(coming).ConfigureAwait(false);
                    hasNext = await coming.ConfigureAwait(false);
                }

                if (!hasNext)
                {
                    break;
                }

                _due ??= Task.Delay(BatchTime, _time, _stop);
                _batch.Add(frames.Current);
                _next = frames.Current.Sequence + 1;
                if (_batch.Count == MaxBatch)
                {
                    await SendBatchAsync().ConfigureAwait(false);
                }
            }
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

    /// <summary>Waits for the next frame. Meanwhile it sends what is due, and looks at the session from time to time, whether frames come or not.</summary>
    private async Task WaitAsync(Task coming)
    {
        while (true)
        {
            _look ??= Task.Delay(LookInterval, _time, _stop);
            await (_due is { } due ? Task.WhenAny(coming, due, _look) : Task.WhenAny(coming, _look)).ConfigureAwait(false);
            _stop.ThrowIfCancellationRequested();
            if (coming.IsFaulted)
            {
                // Whether the session can be read says nothing then.
                return;
            }

            if (_due is { IsCompleted: true })
            {
                await SendBatchAsync().ConfigureAwait(false);
            }

            if (_look.IsCompleted)
            {
                _look = null;
                await TryLookAsync().ConfigureAwait(false);
                await SendCommentAsync().ConfigureAwait(false);
            }

            if (coming.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>Shows that the stream is there, where it would be silent for long.</summary>
    private async ValueTask SendCommentAsync()
    {
        if (_time.GetElapsedTime(_sent) >= CommentInterval)
        {
            _sent = _time.GetTimestamp();
            await _events.SendCommentAsync(_stop).ConfigureAwait(false);
        }
    }

    private async Task TryLookAsync()
    {
        try
        {
            await LookAsync().ConfigureAwait(false);
            if (_isAway)
            {
                _isAway = false;
                await SendAsync("live", static json => WriteDetail(json, null)).ConfigureAwait(false);
            }
        }
        catch (SessionStoreException exception) when (exception.IsTransient)
        {
            await SayAwayAsync(exception).ConfigureAwait(false);
        }
    }

    private async Task LookAsync()
    {
        var session = await _access.GetAsync(_context, _session.Id).ConfigureAwait(false);
        var isChanged = session.Version != _session.Version || session.Generation != _session.Generation || session.FirstSequence != _session.FirstSequence || session.ExpiresAt != _session.ExpiresAt;
        _session = session;
        if (isChanged)
        {
            await SendSessionAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask SayAwayAsync(SessionStoreException exception)
    {
        if (!_isAway)
        {
            _isAway = true;
            await SendAsync("away", json => WriteDetail(json, exception.Reason)).ConfigureAwait(false);
        }
    }

    private async ValueTask SendBatchAsync()
    {
        _due = null;
        if (_batch.Count == 0 || _stop.IsCancellationRequested)
        {
            return;
        }

        _sent = _time.GetTimestamp();
        await _events.SendAsync("frames", _next, _batch.Take(), _stop).ConfigureAwait(false);
        _batch.Clear();
        if (_isAway)
        {
            _isAway = false;
            await SendAsync("live", static json => WriteDetail(json, null)).ConfigureAwait(false);
        }
    }

    private ValueTask SendSessionAsync() => SendAsync("session", json => SessionSummary.Write(json, _session));

    private ValueTask EndAsync(string reason, string? detail) => SendAsync("end", json =>
    {
        json.WriteStartObject();
        json.WriteString("reason", reason);
        json.WriteString("detail", detail);
        json.WriteEndObject();
    });

    private ValueTask SendAsync(string type, Action<Utf8JsonWriter> write)
    {
        _sent = _time.GetTimestamp();
        return _events.SendAsync(type, id: null, write, _stop);
    }

    private static void WriteDetail(Utf8JsonWriter json, string? detail)
    {
        json.WriteStartObject();
        json.WriteString("detail", detail);
        json.WriteEndObject();
    }
}
