namespace Shadowcat.Sessions.Redis;

/// <summary>An outage that a store has noticed: calls that need the server fail at once until it answers again.</summary>
/// <param name="Since">When calls began to fail at once, by the local clock.</param>
/// <param name="FailedCalls">How many calls have failed so far, those by which it was noticed among them.</param>
/// <param name="IsPartial">True where other servers of the cluster still serve their partitions.</param>
public sealed record SessionStoreOutage(DateTimeOffset Since, long FailedCalls, bool IsPartial);
