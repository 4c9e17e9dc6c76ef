namespace Shadowcat.Sessions;

/// <summary>Is notified of sessions that expired. Register any number of listeners beside the store.</summary>
/// <remarks>
/// The listeners of the process that reclaims an expired session are notified, after the fact and at most once: where that process dies in between, or the id is created anew before the
/// expired session was reclaimed, nobody is. A session that was deleted has not expired.
/// </remarks>
public interface ISessionExpirationListener
{
    /// <summary>A session expired and is gone.</summary>
    /// <param name="id">The id that it had.</param>
    /// <param name="cancellationToken">Cancelled with the call that reclaimed the session.</param>
    /// <returns>A task that the reclaiming waits for. What it throws is logged; the other listeners are notified all the same.</returns>
    ValueTask OnSessionExpiredAsync(SessionId id, CancellationToken cancellationToken);
}
