namespace Shadowcat.Sessions;

/// <summary>Is told of sessions that change. It is called where the news arrives, so it must be quick and must not fail.</summary>
internal interface ISessionChangeListener
{
    /// <summary>From now on changes are heard. What changed before may have gone unheard.</summary>
    void OnListening();

    /// <summary>From now on changes may go unheard.</summary>
    void OnLost();

    /// <summary>A session was created, updated or deleted, by whomever. This can come late, twice, and in any order.</summary>
    void OnChanged(in SessionChange change);

    /// <summary>Somebody appended to a session or touched it. Appends and touches of this very store are told before they complete; those of others need not be told.</summary>
    void OnActivity(in SessionActivity activity);
}
