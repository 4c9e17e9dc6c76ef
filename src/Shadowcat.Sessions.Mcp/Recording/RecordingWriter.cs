using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Takes what has gathered in the queue, all of it at a time, and writes it: each session in its order, the sessions side by side.</summary>
internal sealed class RecordingWriter(RecordingQueue queue, SessionWriter sessions, RecordingCounts counts, ILogger logger)
{
    private const int MaxEntries = 4096;

    /// <summary>Writes until the queue is complete and empty.</summary>
    public async Task RunAsync()
    {
        while (await queue.Entries.WaitToReadAsync().ConfigureAwait(false))
        {
            await queue.GatherAsync().ConfigureAwait(false);
            await Task.WhenAll(Take().Select(session => WriteAsync(session.Key, session.Value))).ConfigureAwait(false);
        }
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

    private async Task WriteAsync(RecordedSession session, List<QueuedMessage> entries)
    {
        var messages = entries.Where(entry => entry.Message is not null).ToList();
        try
        {
            await sessions.WriteAsync(session, entries).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A mistake of this library or of the store must not end the recording of all sessions.
            RecordingLog.Failed(logger, exception);
            counts.Drop(messages.Count, DropReason.RecordingFailed);
        }
        finally
        {
            queue.Release(messages.Count, messages.Sum(entry => (long)entry.Message!.Payload.Length));
        }
    }
}
