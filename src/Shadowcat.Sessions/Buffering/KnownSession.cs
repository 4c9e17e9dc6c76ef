namespace Shadowcat.Sessions;

/// <summary>A session as it is, or as it was known last.</summary>
/// <param name="Session">The session.</param>
/// <param name="IsCurrent">True where the store has just said so; false where it is away: then the session may have changed, or ended, since.</param>
/// <param name="AsOf">When the session was known to be so, by this process's clock.</param>
public sealed record KnownSession(Session Session, bool IsCurrent, DateTimeOffset AsOf);
