namespace Shadowcat.Sessions;

/// <summary>Receives changes of sessions. It is called on the thread that the change arrives on, so it must be quick and must not throw.</summary>
public interface ISessionChangeListener
{
    /// <summary>From now on changes are received. What changed before may have gone unnoticed.</summary>
    void OnSubscribed();

    /// <summary>From now on changes may go unnoticed, until <see cref="OnSubscribed"/> is called again.</summary>
    void OnInterrupted();

    /// <summary>A session was created, updated or deleted, by any process. Notifications can come late, twice, and in any order.</summary>
    /// <param name="change">What changed.</param>
    void OnChanged(in SessionChange change);

    /// <summary>A session was appended to or touched, or frames of it were deleted. The listener is notified of what this store does before the call completes; a store need not notify of what others do.</summary>
    /// <param name="activity">What happened.</param>
    void OnActivity(in SessionActivity activity);
}
