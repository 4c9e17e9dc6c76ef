using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

/// <summary>The garbage of <see cref="AppendTo1000Sessions"/>: what an append allocates, the stored bytes included: their buffers are pooled.</summary>
internal sealed class AppendAllocation() : AppendRow(callers: 64, sessions: 1000)
{
    public override string Name => "append.allocated";

    public override int Place => 150;

    public override string Subject => "bytes allocated per append; the reference is RPUSH of a ready-made frame";

    public override string Unit => "B";

    public override Goal Goal => Goal.OursAtMost(400, 130);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        var contest = await MeasureAsync(bench);
        return new RowResult(this, contest.Figures(round => round.AllocatedPerCall), contest.Latencies, contest.Allocated);
    }
}
