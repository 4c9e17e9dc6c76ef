using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Telemetry;

/// <summary>Where nobody listens.</summary>
internal sealed class TelemetryUnheard : TelemetryRow
{
    public override string Name => "telemetry.unheard";

    public override int Place => 700;

    public override string Subject => "get with telemetry nobody listens to vs without, 64 callers";

    public override Goal? Goal => null;

    public override async Task<RowResult> RunAsync(Bench bench) => Throughput(await MeasureAsync(bench, meterFactory: null));
}
