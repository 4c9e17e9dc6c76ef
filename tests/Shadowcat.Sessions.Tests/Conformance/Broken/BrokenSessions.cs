using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Tests.Conformance.Broken;

/// <summary>Stores that break what is promised of creating, reading, updating and deleting sessions.</summary>
internal static class BrokenSessions
{
    public static IReadOnlyDictionary<string, BrokenPromise> All { get; } = new Dictionary<string, BrokenPromise>(StringComparer.Ordinal)
    {
        ["replaces a live session"] = new("CreateSession", static store => new Creates(store, static async (inner, session, first, refused) =>
            refused is SessionAlreadyExistsException && await inner.DeleteSessionAsync(session.Id) ? await inner.CreateSessionAsync(session, first) : null)),
        ["refuses a repeated create"] = new("CreateSession", static store => new RefusesRepetitions(store)),
        ["revives a deleted session"] = new("CreateSession", static store => new Creates(store, Revive)),
        ["revives an expired session"] = new("Expiry", static store => new Creates(store, Revive)),
        ["begins at another sequence"] = new("CreateSession", static store => new BeginsAtZero(store)),
        ["forgets the owner"] = new("CreateSession", static store => new Edits(store, static session => session with { Owner = null })),
        ["forgets attributes"] = new("CreateSession", static store => new Edits(store, static session => session with { Attributes = SessionAttributes.None })),
        ["forgets attempts of versions"] = new("CreateSession", static store => new Edits(store, static session => session with { VersionState = session.VersionState is { } state ? state with { Attempts = [] } : null })),
        ["gives a session to whoever had it first"] = new("ReadSession", static store => new GivesAway(store)),
        ["orders many sessions by id"] = new("ReadSession", static store => new ReadsMany(store, static read => [.. read.OrderBy(static session => session?.Id.Value, StringComparer.Ordinal)])),
        ["leaves out what is absent"] = new("ReadSession", static store => new ReadsMany(store, static read => [.. read.Where(static session => session is not null)])),
        ["throws where there is no session"] = new("ReadSession", static store => new ThrowsWhereAbsent(store)),
        ["takes reading for activity"] = new("ReadSession", static store => new TouchesOnRead(store)),
        ["ignores expected versions"] = new("UpdateSession", static store => new Updates(store, static async (inner, session) =>
            await inner.GetSessionAsync(session.Id) is { } current ? await inner.UpdateSessionAsync(session with { Version = current.Version, Generation = current.Generation }) : await inner.UpdateSessionAsync(session))),
        ["ignores expected generations"] = new("UpdateSession", static store => new Updates(store, static async (inner, session) =>
            await inner.GetSessionAsync(session.Id) is { } current ? await inner.UpdateSessionAsync(session with { Generation = current.Generation }) : await inner.UpdateSessionAsync(session))),
        ["shows no current session in a conflict"] = new("UpdateSession", static store => new Updates(store, static async (inner, session) => await Caught(inner, session))),
        ["creates what is updated"] = new("UpdateSession", static store => new Updates(store, static async (inner, session) =>
            await inner.GetSessionAsync(session.Id) is null ? await inner.CreateSessionAsync(new Session(session) { Generation = Guid.NewGuid() }) : await inner.UpdateSessionAsync(session))),
        ["takes an update for activity"] = new("UpdateSession", static store => new Updates(store, static async (inner, session) => await inner.TouchSessionAsync(session.Id) ? await inner.UpdateSessionAsync(session) : session)),
        ["updates all but the owner"] = new("UpdateSession", static store => new Updates(store, static async (inner, session) => await inner.UpdateSessionAsync(session with { Owner = (await inner.GetSessionAsync(session.Id))?.Owner }))),
        ["lets an append make an update conflict"] = new("UpdateSession", static store => new Edits(store, static session => session with { Version = session.Version + session.FrameCount })),
        ["compares the version before it writes"] = new("ConcurrentSessions", static store => new Updates(store, CompareThenWrite)),
        ["says of every delete that it deleted"] = new("DeleteSession", static store => new DeletesAlways(store)),
        ["keeps frames of an earlier life"] = new("DeleteSession", static store => new KeepsFrames(store)),
        ["leaves an entry of what is deleted"] = new("DeleteSession", static store => new LeavesEntries(store)),
        ["confuses ids that differ in case"] = new("Lifecycle", static store => new LowersIds(store)),
    };

    private static async ValueTask<Session?> Revive(ISessionStore inner, Session session, long first, SessionStoreException refused) =>
        refused is SessionNotFoundException ? await inner.CreateSessionAsync(new Session(session) { Generation = Guid.NewGuid() }, first) : null;

    private static async ValueTask<Session> CompareThenWrite(ISessionStore inner, Session session)
    {
        if (await inner.GetSessionAsync(session.Id) is not { } current || current.Version != session.Version)
        {
            return await inner.UpdateSessionAsync(session);
        }

        await Task.Delay(1, CancellationToken.None);
        return await inner.UpdateSessionAsync(session with { Version = (await inner.GetSessionAsync(session.Id))?.Version ?? session.Version });
    }

    private static async ValueTask<Session> Caught(ISessionStore inner, Session session)
    {
        try
        {
            return await inner.UpdateSessionAsync(session);
        }
        catch (SessionConflictException exception)
        {
            throw new SessionConflictException(Operations.UpdateSession, session, exception.Current.Version);
        }
    }

    private sealed class Creates(ISessionStore inner, Func<ISessionStore, Session, long, SessionStoreException, ValueTask<Session?>> refused) : DelegatingSessionStore(inner)
    {
        public override ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) => CreateSessionAsync(session, 0, cancellationToken);

        public override async ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.CreateSessionAsync(session, firstSequence, cancellationToken);
            }
            catch (SessionStoreException exception)
            {
                if (await refused(InnerStore, session, firstSequence, exception) is { } created)
                {
                    return created;
                }

                throw;
            }
        }
    }

    private sealed class RefusesRepetitions(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) => await base.GetSessionAsync(session.Id, cancellationToken) is null
            ? await base.CreateSessionAsync(session, cancellationToken)
            : throw new SessionAlreadyExistsException(Operations.CreateSession, session.Id);
    }

    private sealed class BeginsAtZero(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default) => base.CreateSessionAsync(session, 0, cancellationToken);
    }

    private sealed class Edits(ISessionStore inner, Func<Session, Session> edit) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default) => await base.GetSessionAsync(id, cancellationToken) is { } session ? edit(session) : null;
    }

    private sealed class GivesAway(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        private readonly ConcurrentDictionary<SessionId, SessionOwner?> _first = [];

        public override async ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default)
        {
            _first[session.Id] = session.Owner;
            return await base.CreateSessionAsync(session, cancellationToken);
        }

        /// <summary>An owner is whoever was it first.</summary>
        public override async ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default) =>
            await base.GetSessionAsync(id, cancellationToken) is { } session ? session with { Owner = _first.GetOrAdd(id, session.Owner) } : null;
    }

    private sealed class ReadsMany(ISessionStore inner, Func<IReadOnlyList<Session?>, IReadOnlyList<Session?>> edit) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default) => edit(await base.GetSessionsAsync(ids, cancellationToken));
    }

    private sealed class ThrowsWhereAbsent(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default) =>
            await base.GetSessionAsync(id, cancellationToken) ?? throw new SessionNotFoundException(Operations.GetSession, id);
    }

    private sealed class TouchesOnRead(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default)
        {
            await TouchSessionAsync(id, cancellationToken);
            return await base.GetSessionAsync(id, cancellationToken);
        }
    }

    private sealed class Updates(ISessionStore inner, Func<ISessionStore, Session, ValueTask<Session>> update) : DelegatingSessionStore(inner)
    {
        public override ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default) => update(InnerStore, session);
    }

    private sealed class DeletesAlways(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default)
        {
            await base.DeleteSessionAsync(id, cancellationToken);
            return true;
        }
    }

    private sealed class KeepsFrames(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        private readonly ConcurrentDictionary<SessionId, MessageEnvelope[]> _kept = [];

        public override async ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default)
        {
            if (await base.GetSessionAsync(id, cancellationToken) is not null)
            {
                _kept[id] = await base.GetFramesAsync(id, default, cancellationToken).Take(10).ToArrayAsync(cancellationToken);
            }

            return await base.DeleteSessionAsync(id, cancellationToken);
        }

        public override async ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default)
        {
            var created = await base.CreateSessionAsync(session, cancellationToken);
            if (_kept.TryRemove(session.Id, out var frames) && frames.Length > 0)
            {
                await base.AddFramesAsync(session.Id, frames, cancellationToken);
            }

            return created;
        }
    }

    private sealed class LeavesEntries(ISessionStore inner) : DelegatingSessionStore(inner), ILeavesEntries
    {
        private readonly ConcurrentQueue<string> _entries = [];

        public IEnumerable<string> Entries => _entries;

        public override async ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default)
        {
            _entries.Enqueue(id.ToString());
            return await base.DeleteSessionAsync(id, cancellationToken);
        }
    }

    private sealed class LowersIds(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        private readonly ConcurrentDictionary<string, SessionId> _first = new(StringComparer.OrdinalIgnoreCase);

        public override async ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
            await base.CreateSessionAsync(new Session(session, _first.GetOrAdd(session.Id.Value, session.Id)), cancellationToken);
    }
}
