namespace Shadowcat.Sessions.Redis;

/// <summary>A try to create a session.</summary>
/// <param name="Session">The session.</param>
/// <param name="FirstSequence">The sequence its frames begin at.</param>
/// <param name="Options">The lifetimes of a session that has none.</param>
/// <param name="Records">How long idempotency records stay.</param>
/// <param name="IsRepeated">Whether an earlier try was not answered.</param>
internal sealed record SessionToCreate(Session Session, long FirstSequence, SessionStoreOptions Options, RecordLifetimes Records, bool IsRepeated)
{
    /// <summary>The fencing token of its list.</summary>
    public string Token { get; } = FencingToken.New();
}
