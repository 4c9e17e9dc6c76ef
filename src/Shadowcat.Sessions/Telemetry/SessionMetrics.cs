using System.Diagnostics.Metrics;

namespace Shadowcat.Sessions;

/// <summary>What the library counts, under the meter <c>Shadowcat.Sessions</c>.</summary>
internal static class SessionMetrics
{
    private static readonly Meter Meter = new("Shadowcat.Sessions");

    public static Counter<long> UnreadableSessions { get; } = Meter.CreateCounter<long>(
        "shadowcat.sessions.unreadable", unit: "{session}", description: "Stored sessions that could not be read and were passed over in a listing.");

    public static Counter<long> ReapedSessions { get; } = Meter.CreateCounter<long>(
        "shadowcat.sessions.reaped", unit: "{session}", description: "Expired sessions whose remains this process reclaimed.");
}
