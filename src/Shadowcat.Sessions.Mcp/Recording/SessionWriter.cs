using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Writes the entries of a session to the store. For each session, one call at a time.</summary>
internal sealed class SessionWriter(
    ISessionStore store, StoreCalls calls, SessionOpener opener, Continuations continuations, FrameFactory frames, ClientBounds bounds,
    SessionRecordingOptions options, RecordingCounts counts, TimeProvider clock, ILogger logger,
    CancellationToken deadline)
{
    /// <summary>How often a batch is offered to a store that reports lost frames each time.</summary>
    private const int MaxLosses = 3;

    /// <summary>Writes entries of one session, in their order.</summary>
    public async Task WriteAsync(RecordedSession session, IReadOnlyList<QueueEntry> entries)
    {
        if (session.Phase is RecordedSessionPhase.Absent or RecordedSessionPhase.Refused && entries.All(entry => entry.Message is null))
        {
            // A session without messages is not recorded.
            return;
        }

        session.TotalLost += entries.Sum(entry => entry.DroppedBefore);
        if (!await TryOpenAsync(session, entries[0].Time).ConfigureAwait(false))
        {
            session.Lost += entries.Sum(entry => entry.DroppedBefore);
            Lose(session, entries.Count(entry => entry.Message is not null), ReasonOf(session));
            return;
        }

        await AppendAsync(session, entries).ConfigureAwait(false);
        if (entries.All(entry => entry.Message is null && entry.End is null))
        {
            await TouchAsync(session).ConfigureAwait(false);
            return;
        }

        await UpdateAsync(session, entries[^1].End).ConfigureAwait(false);
        await NoteAsync(session, entries).ConfigureAwait(false);
    }

    /// <summary>Keeps a session alive in which something is open: it must not expire, nor look idle to other replicas.</summary>
    private async Task TouchAsync(RecordedSession session)
    {
        if (session.Phase == RecordedSessionPhase.Open
            && await calls.TryAsync(async stop => await store.TouchSessionAsync(session.Stored!.Id, stop).ConfigureAwait(false), isRepeatable: true).ConfigureAwait(false))
        {
            session.Touched(clock.GetTimestamp());
        }
    }

    private async Task NoteAsync(RecordedSession session, IReadOnlyList<QueueEntry> entries)
    {
        foreach (var key in entries.Select(entry => entry.Message?.Facts.HandsOut).OfType<string>())
        {
            if (session.Phase == RecordedSessionPhase.Open)
            {
                await continuations.NoteAsync(session.Stored!, key).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> TryOpenAsync(RecordedSession session, DateTimeOffset began)
    {
        if (session.Phase is RecordedSessionPhase.Open or RecordedSessionPhase.Gone)
        {
            return session.Phase == RecordedSessionPhase.Open;
        }

        try
        {
            if (await opener.OpenAsync(session, began).ConfigureAwait(false) is not { } stored)
            {
                return false;
            }

            session.Opened(stored, clock.GetTimestamp());
            return true;
        }
        catch (SessionStoreException exception) when (exception is SessionAlreadyExistsException or SessionNotFoundException)
        {
            GiveUp(session);
            return false;
        }
    }

    private async Task AppendAsync(RecordedSession session, IReadOnlyList<QueueEntry> entries)
    {
        var batch = new List<MessageEnvelope>();
        var bytes = 0;
        foreach (var entry in entries)
        {
            session.Lost += entry.DroppedBefore;
            if (entry.Message is not { } message)
            {
                continue;
            }

            if (deadline.IsCancellationRequested)
            {
                // Redacting it would be in vain: the drain timeout is over.
                Lose(session, 1, DropReason.Stopped);
                continue;
            }

            session.Conversation.ObserveTransport(message.Facts.TransportSessionId, message.Facts.TransportVersion);
            if (await frames.MakeAsync(session, entry, message).ConfigureAwait(false) is not { } frame)
            {
                Lose(session, 1, deadline.IsCancellationRequested ? DropReason.Stopped : DropReason.RedactionFailed);
                continue;
            }

            if (!bounds.TryKeep(session, frame))
            {
                Lose(session, 1, DropReason.ClientLimit);
                continue;
            }

            session.Conversation.Observe(frame);
            if (batch.Count == SessionStoreLimits.MaxBatchFrames || (batch.Count > 0 && bytes + frame.Payload.Length > options.MaxFrameBytes))
            {
                await AppendAsync(session, batch).ConfigureAwait(false);
                batch = [];
                bytes = 0;
            }

            batch.Add(FrameFactory.AfterGap(frame, session.TakeLost()));
            bytes += frame.Payload.Length;
        }

        if (batch.Count > 0)
        {
            await AppendAsync(session, batch).ConfigureAwait(false);
        }
    }

    private async Task AppendAsync(RecordedSession session, List<MessageEnvelope> batch)
    {
        var isReopened = false;
        var losses = 0;
        while (session.Phase == RecordedSessionPhase.Open)
        {
            try
            {
                long first = 0;
                if (await calls.TryAsync(
                    async stop => first = await store.AddFramesAsync(session.Stored!.Id, batch, stop).ConfigureAwait(false), isRepeatable: false).ConfigureAwait(false))
                {
                    session.Appended(first, batch.Count, clock.GetTimestamp());
                    counts.Record(batch.Count);
                    return;
                }

                Lose(session, batch.Count, DropReason.StoreFailed);
                return;
            }
            catch (SessionNotFoundException) when (!isReopened && HasExpired(session))
            {
                // A connection may be idle for longer than its session is kept. Its next message begins another one.
                isReopened = true;
                session.Phase = RecordedSessionPhase.Absent;
                await TryOpenAsync(session, batch[0].Timestamp).ConfigureAwait(false);
                batch = batch.ConvertAll(frame => frame with { SessionId = session.Stored!.Id });
            }
            catch (SessionNotFoundException)
            {
                GiveUp(session);
            }
            catch (FramesLostException lost) when (losses++ < MaxLosses)
            {
                // Nothing of the batch is stored. It is appended behind the missing frames, with a note.
                NoteLost(session, lost, batch);
            }
            catch (FramesLostException)
            {
                break;
            }
        }

        Lose(session, batch.Count, ReasonOf(session));
    }

    private async Task UpdateAsync(RecordedSession session, SessionEnd? end)
    {
        if (session.Phase != RecordedSessionPhase.Open || !(session.Conversation.HasChanges || session.IsToReopen || end is not null))
        {
            return;
        }

        try
        {
            if (await calls.TryAsync(stop => UpdateAsync(session, end, stop), isRepeatable: true).ConfigureAwait(false))
            {
                session.Conversation.Written();
                session.IsToReopen = end is { IsIdle: true };
            }
        }
        catch (SessionNotFoundException)
        {
            // Deleted or expired meanwhile: the next append finds out.
        }
    }

    private async Task UpdateAsync(RecordedSession session, SessionEnd? end, CancellationToken stop)
    {
        var wasOpen = false;
        var updated = await store.UpdateSessionAsync(
            session.Stored!.Id,
            current =>
            {
                wasOpen = !current.IsClosed;
                return Change(session, current, end);
            },
            stop).ConfigureAwait(false);
        if (wasOpen && updated.IsClosed && session.IsContinuedByOthers(updated, OpenSince(session, end)))
        {
            // Another replica appended between the read and the close. An append is no conflict for an update.
            await store.UpdateSessionAsync(updated.Id, Reopen, stop).ConfigureAwait(false);
        }
    }

    private static Session Reopen(Session session) => session.IsClosed ? session.AsReopened() : session;

    private Session Change(RecordedSession session, Session current, SessionEnd? end)
    {
        var changed = session.Conversation.ApplyTo(current);
        if (session.IsToReopen)
        {
            changed = Reopen(changed);
        }

        if (end is not null && !changed.IsClosed && !session.IsContinuedByOthers(current, OpenSince(session, end)))
        {
            var reason = session.TotalLost == 0 ? end.Reason : $"{end.Reason}; {session.TotalLost} messages were not recorded";
            changed = changed.AsClosed(end.Status, reason);
        }

        return changed == current ? current : changed;
    }

    /// <summary>A session that is idle here may be open elsewhere: there it is touched four times within an idle timeout.</summary>
    private DateTimeOffset OpenSince(RecordedSession session, SessionEnd? end) =>
        end is { IsIdle: true } && clock.GetElapsedTime(session.LastWritten) > options.IdleTimeout * 3 / 4
            ? clock.GetUtcNow() - (options.IdleTimeout / 2)
            : DateTimeOffset.MaxValue;

    private bool HasExpired(RecordedSession session) =>
        clock.GetElapsedTime(session.LastWritten) >= session.Stored!.TimeToLive
        || clock.GetUtcNow() - session.Stored.CreatedAt >= session.Stored.MaxLifetime;

    private void GiveUp(RecordedSession session)
    {
        session.Phase = RecordedSessionPhase.Gone;
        RecordingLog.SessionGone(logger);
    }

    private void NoteLost(RecordedSession session, FramesLostException lost, List<MessageEnvelope> batch)
    {
        Lose(session, session.CountLostFrom(lost.Sequence), DropReason.StoreLost);
        var noted = FrameFactory.AfterGap(batch[0], session.Lost);
        if (noted != batch[0])
        {
            // Where its metadata has no place for the note, the next frame gets it.
            batch[0] = noted;
            session.TakeLost();
        }
    }

    private static string ReasonOf(RecordedSession session) => session.Phase switch
    {
        RecordedSessionPhase.Gone => DropReason.SessionGone,
        RecordedSessionPhase.Refused => DropReason.ClientLimit,
        _ => DropReason.StoreFailed,
    };

    private void Lose(RecordedSession session, int messages, string reason)
    {
        session.Lost += messages;
        session.TotalLost += messages;
        counts.Drop(messages, reason);
    }
}
