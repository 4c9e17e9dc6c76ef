using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions;

/// <summary>The backlogs that the store does not serve just now, queued to be tried again; an outage begins with the first of them and ends with the last.</summary>
/// <remarks>A part of a store may be away while the rest serves, as one primary of a cluster: only the sessions of that part are queued.</remarks>
/// <param name="gate">The lock of the buffer.</param>
/// <param name="calls">What is in the buffer.</param>
/// <param name="longestPause">How long to pause at most before the next try.</param>
/// <param name="time">What pauses are measured by.</param>
/// <param name="logger">Where it logs.</param>
/// <param name="look">Looks at sessions, to learn for which of an id things were taken in.</param>
/// <param name="run">Works on a backlog; says whether the store serves it.</param>
internal sealed class BufferedOutage(
    Lock gate,
    BufferedCalls calls,
    TimeSpan longestPause,
    TimeProvider time,
    ILogger logger,
    Func<IReadOnlyList<SessionId>, Task> look,
    Func<SessionBacklog, int, Task<bool>> run) : IDisposable
{
    /// <summary>How many are tried, and replayed, at a time.</summary>
    private const int Workers = 16;

    /// <summary>How many sessions are looked at in one call.</summary>
    private const int SessionsPerLook = 256;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);

    private readonly Queue<SessionBacklog> _parked = new();
    private readonly CancellationTokenSource _ending = new();
    private (long Replayed, long Refused, long Lost) _before;
    private bool _isReplaying;

    /// <summary>When it began; null where there is none. Guarded by the gate, as what follows.</summary>
    public DateTimeOffset? Since { get; private set; }

    public SessionStoreException? Fault { get; private set; }

    public SessionBufferState State =>
        Since is null ? SessionBufferState.Passing : _isReplaying ? SessionBufferState.Replaying : SessionBufferState.Outage;

    /// <summary>Queues a backlog. Called under the gate.</summary>
    /// <returns>Whether the outage begins with it: then <see cref="Begin"/> has to be called, outside of the gate.</returns>
    public bool Park(SessionBacklog backlog, SessionStoreException exception)
    {
        var begins = Since is null;
        backlog.IsParked = true;
        _parked.Enqueue(backlog);
        (Fault, _isReplaying) = (exception, false);
        if (begins)
        {
            Since = time.GetUtcNow();
            _before = (calls.Replayed, calls.Refused, calls.Lost);
        }

        return begins;
    }

    /// <summary>Says that it began, and tries again until it is over.</summary>
    public void Begin(SessionStoreException exception)
    {
        BufferLog.OutageBegan(logger, exception);
        _ = RetryAsync(time.GetTimestamp(), _ending.Token);
    }

    /// <summary>Ends the trying. The source has no timer, and an outage may be about to begin that still looks at it: it is not disposed of.</summary>
    public void Dispose() => _ending.Cancel();

    private async Task RetryAsync(long begun, CancellationToken ending)
    {
        var pauses = new RetryPauses(FirstPause, longestPause);
        do
        {
            await Task.Delay(pauses.Next(), time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ending.IsCancellationRequested)
            {
                return;
            }

            await LookAsync().ConfigureAwait(false);
            var served = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync())).ConfigureAwait(false);
            if (Array.Exists(served, static any => any))
            {
                pauses.Reset();
            }
        }
        while (!TryEnd(time.GetElapsedTime(begun)));
    }

    private bool TryEnd(TimeSpan duration)
    {
        (long Replayed, long Refused, long Lost) counts;
        lock (gate)
        {
            if (_parked.Count > 0)
            {
                return false;
            }

            (Since, Fault, _isReplaying) = (null, null, false);
            counts = (calls.Replayed - _before.Replayed, calls.Refused - _before.Refused, calls.Lost - _before.Lost);
        }

        BufferLog.OutageEnded(logger, duration, counts.Replayed, counts.Refused, counts.Lost);
        return true;
    }

    /// <summary>Looks at the sessions of which it is not known for which generation something waits: before any of it is stored, so that as little time as can be goes by.</summary>
    private async Task LookAsync()
    {
        List<SessionId> ids;
        lock (gate)
        {
            ids = [.. _parked.Where(static backlog => backlog.HasUnbound).Select(static backlog => backlog.Id)];
        }

        try
        {
            foreach (var some in ids.Chunk(SessionsPerLook))
            {
                await look(some).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Each session is looked at again before anything of it is stored: what goes wrong then fails the calls that wait.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The store does not serve yet, not all of it, or one of them cannot be read.
        }
    }

    /// <summary>Tries one after the other, until the store does not serve one.</summary>
    /// <returns>Whether it served any.</returns>
    private async Task<bool> WorkAsync()
    {
        var any = false;
        while (TryTake(out var backlog, out var waiting) && await run(backlog, waiting).ConfigureAwait(false))
        {
            any = true;
            lock (gate)
            {
                _isReplaying = Since is not null;
            }
        }

        return any;
    }

    private bool TryTake([NotNullWhen(true)] out SessionBacklog? backlog, out int waiting)
    {
        lock (gate)
        {
            waiting = 0;
            if (!_parked.TryDequeue(out backlog))
            {
                return false;
            }

            backlog.IsParked = false;
            waiting = backlog.Waiting.Count + (backlog.Step?.Calls.Count ?? 0);
            return true;
        }
    }
}
