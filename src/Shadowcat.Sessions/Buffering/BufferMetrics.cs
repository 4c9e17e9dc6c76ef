using System.Diagnostics.Metrics;

namespace Shadowcat.Sessions;

/// <summary>What the buffers of this process count, under the meter <c>Shadowcat.Sessions</c>.</summary>
internal static class BufferMetrics
{
    private static readonly Meter Meter = new("Shadowcat.Sessions");

    public static UpDownCounter<long> WaitingFrames { get; } = Meter.CreateUpDownCounter<long>(
        "shadowcat.sessions.buffer.frames", unit: "{frame}", description: "Frames in buffers, those on their way to the store among them.");

    public static Counter<long> ReplayedFrames { get; } = Meter.CreateCounter<long>(
        "shadowcat.sessions.buffer.replayed", unit: "{frame}", description: "Frames that were stored after they had waited through an outage.");

    public static Counter<long> RefusedFrames { get; } = Meter.CreateCounter<long>(
        "shadowcat.sessions.buffer.refused", unit: "{frame}", description: "Frames that were refused because a buffer was full.");

    public static Counter<long> LostFrames { get; } = Meter.CreateCounter<long>(
        "shadowcat.sessions.buffer.lost", unit: "{frame}", description: "Accepted frames that were given up.");
}
