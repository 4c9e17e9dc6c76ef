using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Telemetry;

/// <summary>The garbage of <see cref="TelemetryUnheard"/>.</summary>
internal sealed class TelemetryAllocation : TelemetryRow
{
    public override string Name => "telemetry.allocated";

    public override int Place => 720;

    public override string Subject => "bytes allocated per get with telemetry nobody listens to vs without";

    public override string Unit => "B";

    public override Goal? Goal => null;

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        var contest = await MeasureAsync(bench, meterFactory: null);
        return new RowResult(this, contest.Figures(round => round.AllocatedPerCall), contest.Latencies, contest.Allocated);
    }
}
