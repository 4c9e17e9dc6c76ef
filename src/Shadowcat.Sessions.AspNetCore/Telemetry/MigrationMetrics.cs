using System.Diagnostics.Metrics;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>What migration and events count, under the meter <c>Shadowcat.Sessions.AspNetCore</c>.</summary>
internal static class MigrationMetrics
{
    private static readonly Meter Meter = new("Shadowcat.Sessions.AspNetCore");

    /// <summary>With the tag <c>limit</c>: what kept a client from beginning.</summary>
    public static Counter<long> Refused { get; } = Meter.CreateCounter<long>(
        "shadowcat.sessions.client.refused", unit: "{session}", description: "Sessions of clients that a limit kept from beginning.");
}
