using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Telemetry;

/// <summary>Where every operation is a measurement and a recorded span.</summary>
internal sealed class TelemetryHeard : TelemetryRow
{
    public override string Name => "telemetry.heard";

    public override int Place => 710;

    public override string Subject => "get with metrics and spans listened to vs without, 64 callers";

    public override Goal? Goal => null;

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        using var heard = new Heard(spans: true);
        return Throughput(await MeasureAsync(bench, heard));
    }
}
