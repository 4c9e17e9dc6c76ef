namespace Shadowcat.Sessions;

/// <summary>Finds out as much of a store as its contract shows: whether it answers.</summary>
internal static class ReadProbe
{
    /// <summary>Asks for a session that does not exist. What goes wrong is said by its kind: its text is the store's, and may name anything.</summary>
    public static async ValueTask<SessionStoreHealth> RunAsync(ISessionStore store, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            _ = await store.GetSessionAsync(SessionId.New(), cancellationToken).AsTask().WaitAsync(timeout, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            return SessionStoreHealth.Healthy
                .With(HealthFacts.Reachable, true)
                .With(HealthFacts.Latency, HealthFacts.Milliseconds(TimeProvider.System.GetElapsedTime(begun)));
        }
        catch (Exception exception) when (exception is SessionStoreException or TimeoutException)
        {
            return SessionStoreHealth.Healthy
                .With(HealthFacts.Reachable, false)
                .Failed($"The store cannot be read ({exception.GetType().Name}).", exception is TimeoutException or SessionStoreException { IsTransient: true });
        }
    }
}
