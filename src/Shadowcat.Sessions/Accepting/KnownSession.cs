namespace Shadowcat.Sessions;

/// <summary>A session as it is, or as it was known last.</summary>
public sealed record KnownSession
{
    /// <summary>Says what is known of a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="isCurrent">True where the store has just said so; false where it is away: then the session may have changed, or ended, since.</param>
    /// <param name="asOf">When the session was known to be so, by this process's clock.</param>
    /// <exception cref="ArgumentNullException"><paramref name="session"/> is null.</exception>
    public KnownSession(Session session, bool isCurrent, DateTimeOffset asOf)
    {
        ArgumentNullException.ThrowIfNull(session);
        Session = session;
        IsCurrent = isCurrent;
        AsOf = asOf;
    }

    /// <summary>The session.</summary>
    public Session Session { get; }

    /// <summary>True where the store has just said so; false where it is away: then the session may have changed, or ended, since.</summary>
    public bool IsCurrent { get; }

    /// <summary>When the session was known to be so, by this process's clock.</summary>
    public DateTimeOffset AsOf { get; }
}
