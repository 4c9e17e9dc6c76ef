namespace Shadowcat.Sessions.Chaos.Schedules.Running;

/// <summary>A key as it is found behind a schedule.</summary>
/// <param name="Name">The key.</param>
/// <param name="Kind">The type of its value.</param>
/// <param name="IsOwn">Whether it is of the session, rather than of all of them.</param>
/// <param name="NamesSession">Whether it is an index that has the session in it.</param>
/// <param name="TimeToLive">Its time to live, in ms; below 0 where it has none.</param>
internal sealed record SessionKey(string Name, string Kind, bool IsOwn, bool NamesSession, long TimeToLive);
