namespace Shadowcat.Sessions;

/// <summary>Calls to the store that say which session has an id, so that the buffer knows for which one it takes things in.</summary>
internal sealed class BufferedReads(ISessionStore store, IRepeatableAppends appends, Lock gate, KnownGenerations known, SessionBacklogs backlogs)
{
    public ISessionStore Store => store;

    /// <summary>The repeatable appends of the store.</summary>
    public IRepeatableAppends Appends => appends;

    /// <summary>What the store was configured with.</summary>
    public SessionStoreOptions Options { get; } = store.GetService<SessionStoreOptions>()!;

    /// <summary>Reads a session.</summary>
    public async ValueTask<Session?> GetAsync(SessionId id, CancellationToken cancellationToken = default)
    {
        var asOf = known.Moment();
        var session = await store.GetSessionAsync(id, cancellationToken).ConfigureAwait(false);
        lock (gate)
        {
            Learn(id, session, asOf);
        }

        return session;
    }

    /// <summary>Reads several sessions.</summary>
    public async ValueTask<IReadOnlyList<Session?>> GetAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default)
    {
        var asOf = known.Moment();
        var sessions = await store.GetSessionsAsync(ids, cancellationToken).ConfigureAwait(false);
        lock (gate)
        {
            for (var i = 0; i < sessions.Count; i++)
            {
                Learn(ids[i], sessions[i], asOf);
            }
        }

        return sessions;
    }

    /// <summary>Updates a session. A conflict says which one there is, too.</summary>
    public async ValueTask<Session> UpdateAsync(Session session, CancellationToken cancellationToken)
    {
        var asOf = known.Moment();
        Session? current = null;
        try
        {
            return current = await store.UpdateSessionAsync(session, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionConflictException conflict)
        {
            current = conflict.Current;
            throw;
        }
        finally
        {
            if (current is not null)
            {
                lock (gate)
                {
                    Learn(current.Id, current, asOf);
                }
            }
        }
    }

    /// <summary>Deletes a session. What comes for the id from then on is meant for another one.</summary>
    public async ValueTask<bool> DeleteAsync(SessionId id, CancellationToken cancellationToken)
    {
        var mayBeDone = true;
        try
        {
            return await store.DeleteSessionAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException exception)
        {
            mayBeDone = BufferedStep.IsOutcomeUnknown(exception);
            throw;
        }
        finally
        {
            if (mayBeDone)
            {
                lock (gate)
                {
                    known.End(id);
                }
            }
        }
    }

    /// <summary>Notes that a generation of a session has ended.</summary>
    public void End(SessionId id, Guid generation)
    {
        lock (gate)
        {
            known.End(id, generation);
        }
    }

    private void Learn(SessionId id, Session? session, long asOf)
    {
        if (session is null ? known.SawNone(id, asOf) : known.Saw(id, session.Generation, asOf))
        {
            backlogs.Find(id)?.Bind(session?.Generation, asOf);
        }
    }
}
