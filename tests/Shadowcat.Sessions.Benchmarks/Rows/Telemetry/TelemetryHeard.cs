using System.Diagnostics.Metrics;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Telemetry;

/// <summary>Where every operation is a measurement and a recorded span.</summary>
internal sealed class TelemetryHeard : TelemetryRow
{
    public override string Name => "telemetry.heard";

    public override int Place => 710;

    public override string Subject => "get with metrics and spans listened to vs without, in turn, 1 caller";

    public override Goal? Goal => null;

    protected override IMeterFactory MeterFactory() => new Heard(spans: true);
}
