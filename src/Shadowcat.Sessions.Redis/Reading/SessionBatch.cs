namespace Shadowcat.Sessions.Redis;

/// <summary>Sessions side by side in the index, as they were answered.</summary>
/// <param name="Ids">The sessions.</param>
/// <param name="Answers">What was answered of each.</param>
internal sealed record SessionBatch(IReadOnlyList<SessionId> Ids, SessionAnswer[] Answers);
