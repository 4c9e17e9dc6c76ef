namespace Shadowcat.Sessions;

/// <summary>A store, or a decorator of one, that can tell how it is.</summary>
/// <remarks>
/// A decorator asks the store inside by <see cref="SessionStoreHealth.OfAsync"/>, adds what it knows itself, and says where the application is better off
/// than the store inside. One that does not implement this is asked for a session that does not exist, and known no further.
/// </remarks>
public interface ISessionStoreHealth
{
    /// <summary>Finds out how the store is, by using it.</summary>
    /// <param name="timeout">How long to wait for the server. What is known without it is told in any case.</param>
    /// <param name="cancellationToken">Stops finding out.</param>
    /// <returns>What was found. A store that does not serve is a finding, never an exception.</returns>
    ValueTask<SessionStoreHealth> CheckHealthAsync(TimeSpan timeout, CancellationToken cancellationToken = default);
}
