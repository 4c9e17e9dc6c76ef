namespace Shadowcat.Sessions;

/// <summary>A base for decorators: forwards every member to the store inside. A decorator overrides what it does differently.</summary>
/// <remarks>
/// <para>Members that carry the same things in different forms are forwarded one by one. What changes sessions overrides all of <see cref="GetSessionAsync"/>, <see cref="GetSessionsAsync"/>,
/// <see cref="ListSessionsAsync"/>, <see cref="ListSessionPageAsync"/>, <see cref="UpdateSessionAsync"/> and both forms of <see cref="CreateSessionAsync(Session, CancellationToken)"/>; what changes frames overrides
/// <see cref="AddFrameAsync"/>, <see cref="AddFramesAsync"/>, <see cref="GetFramesAsync"/>, <see cref="BorrowFramesAsync"/> and <see cref="FollowFramesAsync"/>.</para>
/// <para>It does not dispose of the store inside: whoever made that does. A decorator that can itself be disposed of overrides <see cref="InnerStore"/> to throw an <see cref="ObjectDisposedException"/> from
/// then on; so every member that is forwarded throws it.</para>
/// </remarks>
/// <example>
/// <code>
/// sealed class ReadOnlyStore(ISessionStore inner) : DelegatingSessionStore(inner)
/// {
///     public override ValueTask&lt;bool&gt; DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default) =>
///         throw new NotSupportedException("Sessions are kept.");
/// }
/// </code>
/// </example>
public abstract class DelegatingSessionStore : ISessionStore
{
    /// <summary>Puts the decorator around a store.</summary>
    /// <param name="innerStore">The store inside. It is not disposed of with this.</param>
    /// <exception cref="ArgumentNullException"><paramref name="innerStore"/> is null.</exception>
    protected DelegatingSessionStore(ISessionStore innerStore)
    {
        ArgumentNullException.ThrowIfNull(innerStore);
        InnerStore = innerStore;
    }

    /// <summary>The store inside. Every member that is forwarded gets it here.</summary>
    protected virtual ISessionStore InnerStore { get; }

    /// <inheritdoc/>
    public virtual ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
        InnerStore.CreateSessionAsync(session, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<Session> CreateSessionAsync(Session session, long firstSequence, CancellationToken cancellationToken = default) =>
        InnerStore.CreateSessionAsync(session, firstSequence, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default) =>
        InnerStore.GetSessionAsync(id, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(IReadOnlyList<SessionId> ids, CancellationToken cancellationToken = default) =>
        InnerStore.GetSessionsAsync(ids, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<Session> UpdateSessionAsync(Session session, CancellationToken cancellationToken = default) =>
        InnerStore.UpdateSessionAsync(session, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default) =>
        InnerStore.DeleteSessionAsync(id, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<bool> TouchSessionAsync(SessionId id, CancellationToken cancellationToken = default) =>
        InnerStore.TouchSessionAsync(id, cancellationToken);

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<Session> ListSessionsAsync(SessionFilter? filter = null, CancellationToken cancellationToken = default) =>
        InnerStore.ListSessionsAsync(filter, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<SessionPage> ListSessionPageAsync(
        SessionFilter? filter = null, int pageSize = 100, string? continuationToken = null, CancellationToken cancellationToken = default) =>
        InnerStore.ListSessionPageAsync(filter, pageSize, continuationToken, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<long> CountSessionsAsync(CancellationToken cancellationToken = default) =>
        InnerStore.CountSessionsAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<long> AddFrameAsync(MessageEnvelope frame, CancellationToken cancellationToken = default) =>
        InnerStore.AddFrameAsync(frame, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default) =>
        InnerStore.AddFramesAsync(id, frames, cancellationToken);

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        InnerStore.GetFramesAsync(id, range, cancellationToken);

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<BorrowedFrame> BorrowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        InnerStore.BorrowFramesAsync(id, range, cancellationToken);

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        InnerStore.FollowFramesAsync(id, range, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<long> CountFramesAsync(SessionId id, CancellationToken cancellationToken = default) =>
        InnerStore.CountFramesAsync(id, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<long> DeleteFramesAsync(SessionId id, long? beforeSequence = null, CancellationToken cancellationToken = default) =>
        InnerStore.DeleteFramesAsync(id, beforeSequence, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<long> ReapExpiredSessionsAsync(CancellationToken cancellationToken = default) =>
        InnerStore.ReapExpiredSessionsAsync(cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// This object where it is of that type, else what the store inside answers; but not another store, a buffer, or a way to append that goes around this decorator, and around what it does to
    /// sessions and frames. A decorator that changes neither may override this to hand those out, too.
    /// </remarks>
    public virtual object? GetService(Type serviceType)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        var inner = InnerStore;
        return serviceType.IsInstanceOfType(this) ? this : GoesAround(serviceType) ? null : inner.GetService(serviceType);
    }

    private static bool GoesAround(Type serviceType) =>
        serviceType.IsAssignableTo(typeof(ISessionStore)) || serviceType.IsAssignableTo(typeof(ISessionBuffer)) || serviceType.IsAssignableTo(typeof(IRepeatableAppends));
}
