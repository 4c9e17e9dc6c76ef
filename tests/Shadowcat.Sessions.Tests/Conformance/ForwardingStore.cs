using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Tests.Conformance;

/// <summary>Hands every call on to a store in memory that goes by a clock of the test. Whoever derives from it decides what becomes of calls for a session.</summary>
internal abstract class ForwardingStore : ISessionStore
{
    protected ForwardingStore(SessionStoreOptions? options = null) => Backend = new InMemorySessionStore(options, timeProvider: Clock);

    public FakeTimeProvider Clock { get; } = new();

    /// <summary>Where everything is: what another process does goes there.</summary>
    public InMemorySessionStore Backend { get; }

    public TimeProvider TimeProvider => Clock;

    public ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) => CreateSessionAsync(session, 0, cancellationToken);

    public ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default) =>
        CallAsync("CreateSession", session.Id, () => Backend.CreateSessionAsync(session, firstSequence, cancellationToken));

    public virtual ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default) =>
        CallAsync("GetSession", id, () => Backend.GetSessionAsync(id, cancellationToken));

    public virtual ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default) =>
        CallAsync("GetSessions", ids[0], () => Backend.GetSessionsAsync(ids, cancellationToken));

    public ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
        CallAsync("UpdateSession", session.Id, () => Backend.UpdateSessionAsync(session, cancellationToken));

    public ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default) =>
        CallAsync("DeleteSession", id, () => Backend.DeleteSessionAsync(id, cancellationToken));

    public ValueTask<bool> TouchSessionAsync(SessionId id, CancellationToken cancellationToken = default) => Backend.TouchSessionAsync(id, cancellationToken);

    public IAsyncEnumerable<Session> ListSessionsAsync(SessionFilter? filter = null, CancellationToken cancellationToken = default) =>
        Backend.ListSessionsAsync(filter, cancellationToken);

    public ValueTask<SessionPage> ListSessionPageAsync(
        SessionFilter? filter = null, int pageSize = 100, string? continuationToken = null, CancellationToken cancellationToken = default) =>
        Backend.ListSessionPageAsync(filter, pageSize, continuationToken, cancellationToken);

    public ValueTask<long> CountSessionsAsync(CancellationToken cancellationToken = default) => Backend.CountSessionsAsync(cancellationToken);

    public ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default) => Backend.AddFrameAsync(frame, cancellationToken);

    public ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default) =>
        Backend.AddFramesAsync(id, frames, cancellationToken);

    public IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        Backend.GetFramesAsync(id, range, cancellationToken);

    public IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        Backend.FollowFramesAsync(id, range, cancellationToken);

    public ValueTask<long> CountFramesAsync(SessionId id, CancellationToken cancellationToken = default) => Backend.CountFramesAsync(id, cancellationToken);

    public ValueTask<long> DeleteFramesAsync(SessionId id, long? beforeSequence = null, CancellationToken cancellationToken = default) =>
        CallAsync("DeleteFrames", id, () => Backend.DeleteFramesAsync(id, beforeSequence, cancellationToken));

    public virtual ValueTask<long> ReapExpiredSessionsAsync(CancellationToken cancellationToken = default) => Backend.ReapExpiredSessionsAsync(cancellationToken);

    public object? GetService(Type serviceType) => serviceType.IsInstanceOfType(this) ? this : serviceType == typeof(SessionStoreOptions) ? Backend.GetService<SessionStoreOptions>() : null;

    /// <summary>Makes a call that reads sessions, changes one, or deletes something of it.</summary>
    protected abstract ValueTask<T> CallAsync<T>(string operation, SessionId id, Func<ValueTask<T>> call);
}
