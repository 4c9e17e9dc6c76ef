using System.Security.Claims;

namespace Shadowcat.Sessions;

/// <summary>What any <see cref="ISessionStore"/> can do by means of its members.</summary>
public static class SessionStoreExtensions
{
    /// <summary>Finds something that a store, or a store inside of it, can do beyond its contract, such as <see cref="ISessionStoreHealth"/>.</summary>
    /// <typeparam name="TService">What is looked for.</typeparam>
    /// <param name="store">The store.</param>
    /// <returns>What was found; null where there is nothing of that type.</returns>
    public static TService? GetService<TService>(this ISessionStore store)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(store);
        return (TService?)store.GetService(typeof(TService));
    }

    /// <summary>Hands out frames that are in memory already as borrowed ones, without a copy: for a store or decorator that has no buffer of its own.</summary>
    /// <param name="frames">The frames.</param>
    /// <returns>The frames in the same order, each valid until the next one is asked for.</returns>
    public static IAsyncEnumerable<BorrowedFrame> Borrow(this IAsyncEnumerable<MessageEnvelope> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        return new BorrowedEnvelopes(frames);
    }

    /// <summary>Reads a session, changes it, and writes it back. Where it was updated in between, the change is applied anew to the current one.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The session.</param>
    /// <param name="change">Makes the new session of the current one. It may be called several times, so it must not do anything else. Returning the session it was given ends the call without a write.</param>
    /// <param name="cancellationToken">Stops trying; the session may have been updated all the same.</param>
    /// <returns>The session as stored.</returns>
    /// <remarks>A read and an update; one update more for each conflict, without a pause. Of any number of callers at least one succeeds in each round, so it ends.</remarks>
    /// <exception cref="SessionNotFoundException">There is no such session.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>, or the change made another session of it.</exception>
    /// <example>
    /// <code>
    /// await store.UpdateSessionAsync(id, session => session with { State = SessionState.Active });
    /// </code>
    /// </example>
    public static async ValueTask<Session> UpdateSessionAsync(
        this ISessionStore store, SessionId id, Func<Session, Session> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(change);
        var current = await store.GetSessionAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw new SessionNotFoundException(Operations.UpdateSession, id);
        while (true)
        {
            var changed = change(current);
            if (ReferenceEquals(changed, current))
            {
                return current;
            }

            if (changed is null || changed.Id != current.Id || changed.Generation != current.Generation || changed.Version != current.Version)
            {
                throw new ArgumentException("The change must return the session it was given, with changes.", nameof(change));
            }

            try
            {
                return await store.UpdateSessionAsync(changed, cancellationToken).ConfigureAwait(false);
            }
            catch (SessionConflictException conflict)
            {
                current = conflict.Current;
            }
        }
    }

    /// <summary>Ends a session: sets <see cref="Session.State"/> to <see cref="SessionState.Closed"/>, and with it <see cref="Session.Status"/> and <see cref="Session.CloseReason"/>.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The session.</param>
    /// <param name="status">How it ended: any but <see cref="SessionStatus.Active"/>.</param>
    /// <param name="reason">Why; 1 to 4096 characters, null where it is not known.</param>
    /// <param name="cancellationToken">Stops trying; the session may have been closed all the same.</param>
    /// <returns>The session as stored. One that was closed before stays as it is: the first end counts.</returns>
    /// <remarks>
    /// A read and an update, which is repeated where the session was updated meanwhile. The session and its frames stay until they expire or are deleted, and those who follow the frames
    /// come to the end.
    /// </remarks>
    /// <exception cref="SessionNotFoundException">There is no such session.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>, <paramref name="status"/> is <see cref="SessionStatus.Active"/> or not defined, or <paramref name="reason"/> out of bounds.</exception>
    public static ValueTask<Session> CloseSessionAsync(
        this ISessionStore store, SessionId id, SessionStatus status = SessionStatus.Completed, string? reason = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        InputRules.Id(id);

        // A mistake in status or reason throws before anything is read.
        _ = new Session(id, default).AsClosed(status, reason);
        return store.UpdateSessionAsync(id, session => session.IsClosed ? session : session.AsClosed(status, reason), cancellationToken);
    }

    /// <summary>Reads a session for the principal it belongs to.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The session.</param>
    /// <param name="owner">The principal.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The session; null where there is none, where it has expired, and where it has another owner or none. These cases look alike, so guessing ids reveals nothing.</returns>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>, or <paramref name="owner"/> is null.</exception>
    /// <exception cref="SessionSerializationException">What is stored cannot be read, whoever it belongs to.</exception>
    public static async ValueTask<Session?> GetOwnedSessionAsync(
        this ISessionStore store, SessionId id, SessionOwner owner, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(owner);
        var session = await store.GetSessionAsync(id, cancellationToken).ConfigureAwait(false);
        return session?.IsOwnedBy(owner) == true ? session : null;
    }

    /// <summary>Reads a session for the principal of a request, if it belongs to that principal.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The session.</param>
    /// <param name="principal">The principal of the request, as <see cref="SessionOwner.From(ClaimsPrincipal)"/> names it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The session; null where there is none, where it has expired, where it has another owner or none, and for a principal that is not authenticated or has no identifying claim. These cases look alike, so guessing ids reveals nothing.</returns>
    /// <exception cref="ArgumentException"><paramref name="id"/> is <c>default</c>, or <paramref name="principal"/> is null.</exception>
    /// <exception cref="SessionSerializationException">What is stored cannot be read, whoever it belongs to.</exception>
    /// <example>
    /// <code>
    /// if (await store.GetOwnedSessionAsync(id, context.User) is not { } session)
    /// {
    ///     return Results.NotFound();
    /// }
    /// </code>
    /// </example>
    public static async ValueTask<Session?> GetOwnedSessionAsync(
        this ISessionStore store, SessionId id, ClaimsPrincipal principal, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(principal);
        var session = await store.GetSessionAsync(id, cancellationToken).ConfigureAwait(false);
        return session?.IsOwnedBy(principal) == true ? session : null;
    }
}
