namespace Shadowcat.Sessions;

/// <summary>Is told of sessions that expired. Register any number of them beside the store.</summary>
/// <remarks>
/// A session that expires is told once, to the listeners of the process that reclaimed it; a deleted one is not told.
/// It is told after the fact and at most once: where that process dies in between, or the id is created anew before the
/// expired session was reclaimed, nobody hears of it.
/// </remarks>
public interface ISessionExpirationListener
{
    /// <summary>A session expired and is gone.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="cancellationToken">Cancelled with the call that reclaimed the session.</param>
    /// <returns>A task the reclaiming waits for. What it throws is logged, and keeps nobody else from being told.</returns>
    ValueTask OnSessionExpiredAsync(SessionId id, CancellationToken cancellationToken);
}
