using System.Diagnostics.Metrics;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The counters of the recording, under the meter <c>Shadowcat.Sessions.Mcp</c>.</summary>
internal static class RecordingMetrics
{
    private static readonly Meter Meter = new("Shadowcat.Sessions.Mcp");

    public static Counter<long> Recorded { get; } = Meter.CreateCounter<long>(
        "shadowcat.sessions.recording.recorded", unit: "{message}", description: "Messages that were written to the store.");

    /// <summary>Has the tag <c>reason</c>: one of <see cref="DropReason"/>.</summary>
    public static Counter<long> Dropped { get; } = Meter.CreateCounter<long>(
        "shadowcat.sessions.recording.dropped", unit: "{message}", description: "Messages that were not recorded.");

    /// <summary>Messages of which only the beginning was stored.</summary>
    public static Counter<long> Cut { get; } = Meter.CreateCounter<long>(
        "shadowcat.sessions.recording.cut", unit: "{message}", description: "Messages of which only the beginning was stored.");

    /// <summary>Has the tag <c>limit</c>: a property of <see cref="ClientLimits"/>.</summary>
    public static Counter<long> Refused { get; } = Meter.CreateCounter<long>(
        "shadowcat.sessions.client.refused", unit: "{session}", description: "Sessions of clients that a limit refused.");
}
