using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Listing;

internal sealed class Count : Row
{
    public override string Name => "count.100k";

    public override int Place => 520;

    public override string Subject => "p95 of counting 100 000 sessions exactly; the reference is SCARD, which also counts the expired; 1 caller";

    public override string Unit => "ms";

    public override Goal Goal => Goal.OursAtMost(5, 2);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        await ManySessions.CreateAsync(bench);
        var contest = await Contest.RunAsync(new CountOperation(bench.Store), new SetCardinality(bench), callers: 1, bench.Pace);
        return new RowResult(this, contest.Figures(round => round.Milliseconds(95)), contest.Latencies, contest.Allocated);
    }
}
