using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Tests.Conformance.Broken;

/// <summary>Stores that break what is promised of when sessions end, and of what is left of them.</summary>
internal static class BrokenDeadlines
{
    public static IReadOnlyDictionary<string, BrokenPromise> All { get; } = new Dictionary<string, BrokenPromise>(StringComparer.Ordinal)
    {
        ["says an earlier deadline"] = new("Deadline", static store => new Says(store, static session => session with { ExpiresAt = session.ExpiresAt.AddMinutes(-2) })),
        ["moves no deadline by a touch"] = new("Deadline", static store => new Touches(store, static async (inner, id) => await inner.GetSessionAsync(id) is not null)),
        ["touches what is not there"] = new("Deadline", static store => new Touches(store, static async (inner, id) => await inner.TouchSessionAsync(id) || !id.IsDefault)),
        ["moves no deadline by an append"] = new("Deadline", static store => new AppendsQuietly(store)),
        ["forgets the greatest lifetime"] = new("Deadline", static store => new ForgetsMaxLifetime(store)),
        ["goes by the store's time to live, not the session's"] = new("Deadline", static store => new ForgetsTimeToLive(store)),
        ["delays the end where frames are deleted"] = new("Deadline", static store => new DeletesAsActivity(store)),
        ["reads a session that has ended"] = new("Expiry", static store => new Outlives(store)),
        ["reads frames of a session that has ended"] = new("Expiry", static store => new KeepsFrames(store)),
        ["reaps what lives"] = new("ReapSessions", static store => new Reaps(store, static async (inner, token) =>
        {
            await foreach (var session in inner.ListSessionsAsync(null, token))
            {
                await inner.DeleteSessionAsync(session.Id, token);
            }

            return await inner.ReapExpiredSessionsAsync(token);
        })),
        ["reaps nothing"] = new("ReapSessions", static store => new Reaps(store, static (_, _) => new(0))),
        ["counts what it reaps twice"] = new("ReapSessions", static store => new Reaps(store, static async (inner, token) => await inner.ReapExpiredSessionsAsync(token) * 2)),
        ["leaves entries of what it reaps"] = new("ReapSessions", static store => new LeavesEntries(store)),
    };

    private sealed class Says(ISessionStore inner, Func<Session, Session> edit) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default) => await base.GetSessionAsync(id, cancellationToken) is { } session ? edit(session) : null;
    }

    private sealed class Touches(ISessionStore inner, Func<ISessionStore, SessionId, ValueTask<bool>> touch) : DelegatingSessionStore(inner)
    {
        public override ValueTask<bool> TouchSessionAsync(SessionId id, CancellationToken cancellationToken = default) => touch(InnerStore, id);
    }

    private sealed class AppendsQuietly(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        private readonly ConcurrentDictionary<SessionId, Session> _before = [];

        public override async ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default)
        {
            if (await base.GetSessionAsync(frame.SessionId, cancellationToken) is { } before)
            {
                _before.TryAdd(before.Id, before);
            }

            return await base.AddFrameAsync(frame, cancellationToken);
        }

        public override async ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default) => await base.GetSessionAsync(id, cancellationToken) is not { } session ? null
            : _before.TryGetValue(id, out var before) ? session with { LastActivity = before.LastActivity, ExpiresAt = before.ExpiresAt } : session;
    }

    private sealed class ForgetsMaxLifetime(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) => base.CreateSessionAsync(session with { MaxLifetime = null }, cancellationToken);
    }

    private sealed class ForgetsTimeToLive(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) => base.CreateSessionAsync(session with { TimeToLive = null }, cancellationToken);
    }

    private sealed class DeletesAsActivity(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<long> DeleteFramesAsync(SessionId id, long? beforeSequence = null, CancellationToken cancellationToken = default)
        {
            await base.TouchSessionAsync(id, cancellationToken);
            return await base.DeleteFramesAsync(id, beforeSequence, cancellationToken);
        }
    }

    private sealed class Outlives(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        private readonly ConcurrentDictionary<SessionId, Session> _known = [];

        public override async ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) => _known[session.Id] = await base.CreateSessionAsync(session, cancellationToken);

        public override async ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default) => await base.GetSessionAsync(id, cancellationToken) ?? _known.GetValueOrDefault(id);
    }

    private sealed class KeepsFrames(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override async IAsyncEnumerable<MessageEnvelope> GetFramesAsync(
            SessionId id, FrameRange range = default, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            if (await base.GetSessionAsync(id, cancellationToken) is null)
            {
                yield break;
            }

            await foreach (var frame in base.GetFramesAsync(id, range, cancellationToken))
            {
                yield return frame;
            }
        }
    }

    private sealed class Reaps(ISessionStore inner, Func<ISessionStore, CancellationToken, ValueTask<long>> reap) : DelegatingSessionStore(inner)
    {
        public override ValueTask<long> ReapExpiredSessionsAsync(CancellationToken cancellationToken = default) => reap(InnerStore, cancellationToken);
    }

    private sealed class LeavesEntries(ISessionStore inner) : DelegatingSessionStore(inner), ILeavesEntries
    {
        private readonly ConcurrentDictionary<SessionId, bool> _entries = [];

        public IEnumerable<string> Entries => _entries.Keys.Select(static id => id.ToString());

        public override async ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default)
        {
            _entries[session.Id] = true;
            return await base.CreateSessionAsync(session, cancellationToken);
        }

        public override async ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default)
        {
            _entries.TryRemove(id, out _);
            return await base.DeleteSessionAsync(id, cancellationToken);
        }
    }
}
