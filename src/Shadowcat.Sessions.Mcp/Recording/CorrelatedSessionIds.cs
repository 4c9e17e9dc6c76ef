using System.Globalization;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The identities of sessions that several recorders find by a key, without asking each other.</summary>
/// <remarks>
/// A session that a key brings together is named after the key and the stretch of time in which it began; a stretch is as long as the silence
/// that ends a session. Whoever sees the key for the first time looks some stretches back for a session that still goes on: so replicas behind
/// a load balancer record one session, and a process that was restarted goes on with it.
/// </remarks>
internal static class CorrelatedSessionIds
{
    private const int Stretches = 8;

    /// <summary>The identities that a session of the key may have now, the newest first.</summary>
    public static IReadOnlyList<SessionId> Candidates(string key, DateTimeOffset now, TimeSpan idleTimeout)
    {
        var stretch = now.UtcTicks / idleTimeout.Ticks;
        var hash = StorableText.HashOf(key);
        return [.. Enumerable.Range(0, Stretches).Select(back => new SessionId(string.Create(CultureInfo.InvariantCulture, $"{hash}-{stretch - back:x}")))];
    }
}
