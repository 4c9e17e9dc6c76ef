using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

/// <summary>The slow calls of <see cref="AppendTo1000Sessions"/>.</summary>
internal sealed class AppendTail() : AppendRow(callers: 64, sessions: 1000)
{
    public override string Name => "append.c64.s1000.p99";

    public override int Place => 145;

    public override string Subject => "p99 of an append ÷ p99 of an RPUSH, 64 callers, 1000 sessions";

    public override string Unit => "ms";

    public override Goal Goal => Goal.RatioAtMost(1.0, 0.5);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        var contest = await MeasureAsync(bench);
        return new RowResult(this, contest.Figures(round => round.Milliseconds(99)), contest.Latencies, contest.Allocated);
    }
}
