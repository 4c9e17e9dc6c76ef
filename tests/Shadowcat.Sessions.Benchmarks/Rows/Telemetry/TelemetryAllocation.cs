using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Telemetry;

/// <summary>The garbage of <see cref="TelemetryDisabled"/>.</summary>
internal sealed class TelemetryAllocation : TelemetryRow
{
    private const int Callers = 64;

    public override string Name => "telemetry.allocated";

    public override int Place => 720;

    public override string Subject => "bytes allocated per get with telemetry nobody listens to vs without, 64 callers";

    public override string Unit => "B";

    public override Goal Goal => Goal.RatioAtMost(1.01, 1.005);

    protected override async Task<RowResult> MeasureAsync(BackendGet measured, BackendGet bare, Pace pace)
    {
        var contest = await Contest.RunAsync(measured, bare, Callers, pace);
        return new RowResult(this, contest.Figures(round => round.AllocatedPerCall), contest.Latencies, contest.Allocated);
    }
}
