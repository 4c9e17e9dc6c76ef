namespace Shadowcat.Sessions.Mcp;

/// <summary>Creates the session to record, or finds it where another replica has created it.</summary>
internal sealed class SessionOpener(
    ISessionStore store, StoreCalls calls, Continuations continuations, ClientBounds bounds, SessionRecordingOptions options, TimeProvider clock)
{
    /// <summary>How often a continued session is looked up: the replica that handed out the task may not have noted it yet.</summary>
    private const int Lookups = 3;

    /// <summary>Finds or creates the session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="began">When its first message was received.</param>
    /// <returns>The session as stored; null where the store failed, or a limit refuses the session.</returns>
    /// <exception cref="SessionAlreadyExistsException">It is not shared, and another has its id.</exception>
    /// <exception cref="SessionNotFoundException">It was deleted while it was created.</exception>
    public async Task<Session?> OpenAsync(RecordedSession session, DateTimeOffset began)
    {
        var isFirst = session.Stored is null;
        var described = session.Described with
        {
            // A session that is created again has another generation.
            Generation = isFirst ? session.Described.Generation : Guid.NewGuid(),
            TransportSessionId = session.Described.TransportSessionId is { } name ? TransportSessionIds.ToRecordedText(name) : null,
            TimeToLive = session.Described.TimeToLive ?? options.TimeToLive,
            CreatedAt = isFirst && session.Described.CreatedAt != default ? session.Described.CreatedAt : began,
        };
        if (described.Boundary == SessionBoundary.Correlated)
        {
            var candidates = CorrelatedSessionIds.Candidates(described.CorrelationKey!, began, options.IdleTimeout);
            for (var lookup = session.Continues ? 1 : Lookups; lookup <= Lookups; lookup++)
            {
                Session? current = null;
                if (!await calls.TryAsync(async stop => current = await FindAsync(session, candidates, stop).ConfigureAwait(false), isRepeatable: true).ConfigureAwait(false))
                {
                    return null;
                }

                if (current is not null)
                {
                    return current;
                }

                if (lookup < Lookups)
                {
                    await calls.PauseAsync().ConfigureAwait(false);
                }
            }

            described = Renamed(described, candidates[0]);
        }

        return await CreateAsync(session, described).ConfigureAwait(false);
    }

    private async Task<Session?> FindAsync(RecordedSession session, IReadOnlyList<SessionId> candidates, CancellationToken cancellationToken)
    {
        SessionId[] ids = session.Continues ? [Continuations.IdOf(session.Key!), .. candidates] : [.. candidates];
        var found = await store.GetSessionsAsync(ids, cancellationToken).ConfigureAwait(false);
        if (found[0] is { } note && Continuations.IsNote(note))
        {
            // A request that names a task continues its session, however long that was idle.
            return await continuations.FollowAsync(note, cancellationToken).ConfigureAwait(false);
        }

        return found.FirstOrDefault(current => current is not null && clock.GetUtcNow() - current.LastActivity < options.IdleTimeout);
    }

    private async Task<Session?> CreateAsync(RecordedSession session, Session described)
    {
        var mayBegin = false;
        if (!await calls.TryAsync(
            async stop => mayBegin = await bounds.MayBeginAsync(session, described, stop).ConfigureAwait(false), isRepeatable: true).ConfigureAwait(false))
        {
            return null;
        }

        if (!mayBegin)
        {
            session.Phase = RecordedSessionPhase.Refused;
            return null;
        }

        Session? stored = null;
        while (stored is null)
        {
            try
            {
                if (!await calls.TryAsync(
                    async stop => stored = await store.CreateSessionAsync(described, stop).ConfigureAwait(false), isRepeatable: true).ConfigureAwait(false))
                {
                    return null;
                }
            }
            catch (SessionAlreadyExistsException) when (session.IsShared)
            {
                // Another replica was faster. Null where that session is gone again: then it is created after all.
                if (!await calls.TryAsync(
                    async stop => stored = await store.GetSessionAsync(described.Id, stop).ConfigureAwait(false), isRepeatable: true).ConfigureAwait(false))
                {
                    return null;
                }
            }
        }

        return stored;
    }

    private static Session Renamed(Session session, SessionId id) => new(id, session.TransportType)
    {
        Boundary = session.Boundary,
        CorrelationKey = session.CorrelationKey,
        CreatedAt = session.CreatedAt,
        Owner = session.Owner,
        Tags = session.Tags,
        TimeToLive = session.TimeToLive,
        TransportSessionId = session.TransportSessionId,
        MaxLifetime = session.MaxLifetime,
    };
}
