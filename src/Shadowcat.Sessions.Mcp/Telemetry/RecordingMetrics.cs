using System.Diagnostics.Metrics;

namespace Shadowcat.Sessions.Mcp;

/// <summary>What the recording counts, under the meter <c>Shadowcat.Sessions.Mcp</c>.</summary>
internal static class RecordingMetrics
{
    private static readonly Meter Meter = new("Shadowcat.Sessions.Mcp");

    public static Counter<long> Recorded { get; } = Meter.CreateCounter<long>(
        "shadowcat.sessions.recording.recorded", unit: "{message}", description: "Messages that the store has.");

    /// <summary>With the tag <c>reason</c>: one of <see cref="DropReason"/>.</summary>
    public static Counter<long> Dropped { get; } = Meter.CreateCounter<long>(
        "shadowcat.sessions.recording.dropped", unit: "{message}", description: "Messages that were not recorded.");
}
