using System.Diagnostics.Metrics;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The counters of migration and events, under the meter <c>Shadowcat.Sessions.AspNetCore</c>.</summary>
internal static class MigrationMetrics
{
    private static readonly Meter Meter = new("Shadowcat.Sessions.AspNetCore");

    /// <summary>Has the tag <c>limit</c>: a property of <see cref="Mcp.ClientLimits"/>, or <c>MaxClientBytes</c>.</summary>
    public static Counter<long> Refused { get; } = Meter.CreateCounter<long>(
        "shadowcat.sessions.client.refused", unit: "{session}", description: "Sessions of clients that a limit refused.");
}
