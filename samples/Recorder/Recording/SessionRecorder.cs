using Recorder.Proxying;
using Shadowcat.Sessions;
using Shadowcat.Sessions.Mcp;

namespace Recorder.Recording;

/// <summary>Writes one proxied conversation into a store: one session, one frame a line, in the order in which the lines were seen.</summary>
/// <remarks>The conversation never waits for it and never fails by it: what cannot be stored is counted and told on <paramref name="diagnostics"/>.</remarks>
/// <param name="store">Where to.</param>
/// <param name="limits">What the store takes.</param>
/// <param name="session">The session to create.</param>
/// <param name="clock">Says when a line was seen, and how long to wait for a store that does not serve.</param>
/// <param name="diagnostics">Takes what people should know; never the client's stream.</param>
internal sealed class SessionRecorder(
    ISessionStore store, SessionStoreOptions limits, Session session, TimeProvider clock, TextWriter diagnostics) : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly LineQueue _queue = new(clock);
    private readonly FrameBatch _batch = new(session.Id, limits);
    private readonly Conversation _conversation = new();
    private readonly CancellationTokenSource _ending = new();
    private long _lost;
    private bool _isCreated;
    private bool _hasComplained;
    private bool _gaveUp;

    /// <summary>Takes a line; returns at once.</summary>
    public void Observe(WireLine line) => _queue.Add(line);

    /// <summary>Writes until <see cref="End"/> was called and everything seen before it is written.</summary>
    public async Task RunAsync()
    {
        _isCreated = await TryAsync(async () => await store.CreateSessionAsync(session), isRepeatable: true);
        while (await _queue.WaitAsync())
        {
            await WriteAsync(_batch.Take(_queue));
        }
    }

    /// <summary>Says that the conversation is over: what is queued is still written, but nothing waits for a store that does not serve.</summary>
    public void End()
    {
        _queue.Complete();
        _ending.Cancel();
    }

    /// <summary>Closes the session after <see cref="RunAsync"/> has ended.</summary>
    public async Task CloseAsync(SessionStatus status, string reason)
    {
        var lost = _lost + _queue.Dropped;
        if (lost > 0)
        {
            reason += $"; {lost} frames were not recorded";
            await diagnostics.WriteLineAsync($"recorder: {lost} frames of session {session.Id} were not recorded");
        }

        if (_isCreated)
        {
            await UpdateAsync(current => _conversation.ApplyTo(current) with
            {
                State = SessionState.Closed,
                Status = status,
                CloseReason = reason,
            });
        }
    }

    public void Dispose() => _ending.Dispose();

    private async Task WriteAsync(List<MessageEnvelope> frames)
    {
        if (!_isCreated || !await TryAsync(async () => await store.AddFramesAsync(session.Id, frames), isRepeatable: false))
        {
            _lost += frames.Count;
        }

        frames.ForEach(_conversation.Observe);
        if (_isCreated && _conversation.TakeNews())
        {
            await UpdateAsync(_conversation.ApplyTo);
        }
    }

    private Task<bool> UpdateAsync(Func<Session, Session> change) =>
        TryAsync(async () => await store.UpdateSessionAsync(session.Id, change), isRepeatable: true);

    /// <summary>Calls the store, again and again where that can do no harm, until it serves or the conversation is over.</summary>
    private async Task<bool> TryAsync(Func<Task> call, bool isRepeatable)
    {
        while (!_gaveUp)
        {
            try
            {
                await call();
                return true;
            }
            catch (Exception exception)
            {
                // Whatever it is, the conversation is worth more than its record.
                Complain(exception);
                if (!MayRepeat(exception, isRepeatable))
                {
                    return false;
                }

                if (_ending.IsCancellationRequested)
                {
                    _gaveUp = true;
                    return false;
                }
            }

            await Task.Delay(RetryDelay, clock, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }

    private static bool MayRepeat(Exception exception, bool isRepeatable) => exception switch
    {
        SessionStoreUnavailableException unavailable => isRepeatable || !unavailable.OutcomeUnknown,
        SessionTimeoutException => isRepeatable,
        _ => false,
    };

    private void Complain(Exception exception)
    {
        if (!_hasComplained)
        {
            _hasComplained = true;
            diagnostics.WriteLine($"recorder: not recording: {exception.Message} (the conversation goes on)");
        }
    }
}
