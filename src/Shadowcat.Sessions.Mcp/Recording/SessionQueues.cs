using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Distributes the entries of the queue among their sessions, and has them written: those of one session in their order, the sessions side by side.</summary>
/// <remarks>A session whose writing takes long — a store call that does not return, a frame that takes long to redact — does not delay the others: its further entries wait in a list of their own.</remarks>
internal sealed class SessionQueues(MessageQueue queue, SessionWriter sessions, RecordingCounts counts, TimeProvider clock, ILogger logger)
{
    private const int MaxEntries = 4096;

    /// <summary>More is not redacted on the thread that serves all sessions.</summary>
    private const int QuickBytes = 64 * 1024;

    /// <summary>So long the next entries wait for those that are being written, since many together cost less.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly Dictionary<RecordedSession, List<QueueEntry>> _pending = [];
    private readonly Dictionary<RecordedSession, Task> _writing = [];

    /// <summary>Writes until the queue is complete and empty.</summary>
    public async Task RunAsync()
    {
        while (await queue.Entries.WaitToReadAsync().ConfigureAwait(false))
        {
            await queue.WaitForBatchAsync().ConfigureAwait(false);
            var round = Task.WhenAll([.. Take().Select(session => Start(session.Key, session.Value))]);
            if (!round.IsCompleted)
            {
                await round.WaitAsync(MaxWait, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            RemoveCompleted();
        }

        await Task.WhenAll(_writing.Values).ConfigureAwait(false);
    }

    private Dictionary<RecordedSession, List<QueueEntry>> Take()
    {
        var taken = new Dictionary<RecordedSession, List<QueueEntry>>();
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

    /// <summary>Begins to write entries of a session; where one of its batches is being written, they become pending behind it.</summary>
    private Task Start(RecordedSession session, List<QueueEntry> entries)
    {
        lock (_lock)
        {
            if (_pending.TryGetValue(session, out var pending))
            {
                pending.AddRange(entries);
                return Task.CompletedTask;
            }

            _pending.Add(session, []);
        }

        var writing = BytesOf(entries) <= QuickBytes ? WriteAllAsync(session, entries) : Task.Run(() => WriteAllAsync(session, entries));
        if (!writing.IsCompleted)
        {
            _writing[session] = writing;
        }

        return writing;
    }

    private void RemoveCompleted()
    {
        foreach (var (session, _) in _writing.Where(session => session.Value.IsCompleted).ToList())
        {
            _writing.Remove(session);
        }
    }

    private async Task WriteAllAsync(RecordedSession session, List<QueueEntry> entries)
    {
        for (var next = entries; next is not null; next = TakePending(session))
        {
            await WriteAsync(session, next).ConfigureAwait(false);
        }
    }

    private List<QueueEntry>? TakePending(RecordedSession session)
    {
        lock (_lock)
        {
            var pending = _pending[session];
            if (pending.Count == 0)
            {
                _pending.Remove(session);
                return null;
            }

            _pending[session] = [];
            return pending;
        }
    }

    private async Task WriteAsync(RecordedSession session, List<QueueEntry> entries)
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

    private static long BytesOf(List<QueueEntry> entries) => entries.Sum(entry => (long)(entry.Message?.Payload.Length ?? 0));
}
