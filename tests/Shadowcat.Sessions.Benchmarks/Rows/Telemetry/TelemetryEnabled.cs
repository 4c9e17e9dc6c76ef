using System.Diagnostics.Metrics;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Telemetry;

/// <summary>Where every operation is a measurement and a recorded span.</summary>
internal sealed class TelemetryEnabled : TelemetryRow
{
    public override string Name => "telemetry.enabled";

    public override int Place => 710;

    public override string Subject => "get with metrics and spans listened to vs without, in turn, 1 caller";

    public override Goal? Goal => null;

    protected override IMeterFactory MeterFactory() => new ListeningMeterFactory(spans: true);
}
