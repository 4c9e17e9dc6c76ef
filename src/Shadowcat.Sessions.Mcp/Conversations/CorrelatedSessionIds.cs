using System.Globalization;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The ids of sessions that several recorders derive from a correlation key, without asking each other.</summary>
/// <remarks>
/// The id is made of the key and of the period in which the session began. A period is as long as the idle timeout. A recorder that sees a key for the first time looks for an open session of the last
/// periods. So replicas behind a load balancer record one session, and a process that was restarted continues it.
/// </remarks>
internal static class CorrelatedSessionIds
{
    private const int Periods = 8;

    /// <summary>The ids that a session of the key may have now, the newest first.</summary>
    public static IReadOnlyList<SessionId> Candidates(string key, DateTimeOffset now, TimeSpan idleTimeout)
    {
        var period = now.UtcTicks / idleTimeout.Ticks;
        var hash = StorableText.HashOf(key);
        return [.. Enumerable.Range(0, Periods).Select(back => new SessionId(string.Create(CultureInfo.InvariantCulture, $"{hash}-{period - back:x}")))];
    }
}
