namespace Shadowcat.Sessions;

/// <summary>A store or decorator that can report its health.</summary>
/// <remarks>
/// A decorator checks the store inside by <see cref="SessionStoreHealth.OfAsync"/>, and adds what it knows itself. A store that does not implement this is asked for a session that does
/// not exist, and only that is known of it.
/// </remarks>
public interface ISessionStoreHealth
{
    /// <summary>Checks the health of the store by using it.</summary>
    /// <param name="timeout">How long to wait for the server. What is known without it is reported in any case.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>The health. A store that does not serve is reported as such, never as an exception.</returns>
    /// <exception cref="ObjectDisposedException">The store has been disposed of.</exception>
    ValueTask<SessionStoreHealth> CheckHealthAsync(TimeSpan timeout, CancellationToken cancellationToken = default);
}
