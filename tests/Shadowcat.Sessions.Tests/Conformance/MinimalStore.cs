namespace Shadowcat.Sessions.Tests.Conformance;

/// <summary>A store that says no more than it has to: what has a default is left to it. It also reclaims, as it leaves something behind.</summary>
internal sealed class MinimalStore(InMemorySessionStore sessions) : ISessionStore
{
    public MinimalStore(SessionStoreOptions? options, IEnumerable<ISessionExpirationListener>? listeners)
        : this(new InMemorySessionStore(options, listeners))
    {
    }

    public ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default) =>
        sessions.CreateSessionAsync(session, firstSequence, cancellationToken);

    public ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default) => sessions.GetSessionAsync(id, cancellationToken);

    public ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default) => sessions.UpdateSessionAsync(session, cancellationToken);

    public ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default) => sessions.DeleteSessionAsync(id, cancellationToken);

    public ValueTask<bool> TouchSessionAsync(SessionId id, CancellationToken cancellationToken = default) => sessions.TouchSessionAsync(id, cancellationToken);

    public ValueTask<SessionPage> ListSessionPageAsync(
        SessionFilter? filter = null, int pageSize = 100, string? continuationToken = null, CancellationToken cancellationToken = default) =>
        sessions.ListSessionPageAsync(filter, pageSize, continuationToken, cancellationToken);

    public ValueTask<long> CountSessionsAsync(CancellationToken cancellationToken = default) => sessions.CountSessionsAsync(cancellationToken);

    public ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default) =>
        sessions.AddFramesAsync(id, frames, cancellationToken);

    public IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        sessions.GetFramesAsync(id, range, cancellationToken);

    public IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        sessions.FollowFramesAsync(id, range, cancellationToken);

    public ValueTask<long> DeleteFramesAsync(SessionId id, long? beforeSequence = null, CancellationToken cancellationToken = default) =>
        sessions.DeleteFramesAsync(id, beforeSequence, cancellationToken);

    public ValueTask<long> ReapExpiredSessionsAsync(CancellationToken cancellationToken = default) => sessions.ReapExpiredSessionsAsync(cancellationToken);
}
