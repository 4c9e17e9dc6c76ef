using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Takes what has gathered in the queue, all of it at a time, and writes it: each session in its order, the sessions side by side.</summary>
/// <remarks>A session that takes long — its store call does not return, a frame takes long to redact — is left behind, and what comes of it meanwhile waits for it alone.</remarks>
internal sealed class RecordingWriter(RecordingQueue queue, SessionWriter sessions, RecordingCounts counts, TimeProvider clock, ILogger logger)
{
    private const int MaxEntries = 4096;

    /// <summary>More is not redacted on the thread that writes for all.</summary>
    private const int QuickBytes = 64 * 1024;

    /// <summary>So long the next are waited with for those that are written, since many together cost less.</summary>
    private static readonly TimeSpan LongestHoldUp = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly Dictionary<RecordedSession, List<QueuedMessage>> _waiting = [];
    private readonly Dictionary<RecordedSession, Task> _underWay = [];

    /// <summary>Writes until the queue is complete and empty.</summary>
    public async Task RunAsync()
    {
        while (await queue.Entries.WaitToReadAsync().ConfigureAwait(false))
        {
            await queue.GatherAsync().ConfigureAwait(false);
            var round = Task.WhenAll([.. Take().Select(session => Start(session.Key, session.Value))]);
            if (!round.IsCompleted)
            {
                await round.WaitAsync(LongestHoldUp, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            Forget();
        }

        await Task.WhenAll(_underWay.Values).ConfigureAwait(false);
    }

    private Dictionary<RecordedSession, List<QueuedMessage>> Take()
    {
        var taken = new Dictionary<RecordedSession, List<QueuedMessage>>();
        for (var i = 0; i < MaxEntries && queue.Entries.TryRead(out var entry); i++)
        {
            if (!taken.TryGetValue(entry.Session, out var entries))
            {
                taken.Add(entry.Session, entries = []);
            }

            entries.Add(entry);
        }

        return taken;
    }

    /// <summary>Begins to write entries of a session, or leaves them to the one that writes for it.</summary>
    private Task Start(RecordedSession session, List<QueuedMessage> entries)
    {
        lock (_lock)
        {
            if (_waiting.TryGetValue(session, out var waiting))
            {
                waiting.AddRange(entries);
                return Task.CompletedTask;
            }

            _waiting.Add(session, []);
        }

        var writing = BytesOf(entries) <= QuickBytes ? WriteAllAsync(session, entries) : Task.Run(() => WriteAllAsync(session, entries));
        if (!writing.IsCompleted)
        {
            _underWay[session] = writing;
        }

        return writing;
    }

    /// <summary>Forgets those that are written.</summary>
    private void Forget()
    {
        foreach (var (session, _) in _underWay.Where(session => session.Value.IsCompleted).ToList())
        {
            _underWay.Remove(session);
        }
    }

    private async Task WriteAllAsync(RecordedSession session, List<QueuedMessage> entries)
    {
        for (var next = entries; next is not null; next = TakeWaiting(session))
        {
            await WriteAsync(session, next).ConfigureAwait(false);
        }
    }

    private List<QueuedMessage>? TakeWaiting(RecordedSession session)
    {
        lock (_lock)
        {
            var waiting = _waiting[session];
            if (waiting.Count == 0)
            {
                _waiting.Remove(session);
                return null;
            }

            _waiting[session] = [];
            return waiting;
        }
    }

    private async Task WriteAsync(RecordedSession session, List<QueuedMessage> entries)
    {
        try
        {
            await sessions.WriteAsync(session, entries).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A mistake of this library or of the store must not end the recording of all sessions.
            RecordingLog.Failed(logger, exception);
            counts.Drop(entries.Count(entry => entry.Message is not null), DropReason.RecordingFailed);
        }
        finally
        {
            queue.Release(entries.Count(entry => entry.Message is not null), BytesOf(entries));
        }
    }

    private static long BytesOf(List<QueuedMessage> entries) => entries.Sum(entry => (long)(entry.Message?.Payload.Length ?? 0));
}
