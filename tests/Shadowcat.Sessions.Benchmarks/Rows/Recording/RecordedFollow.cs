using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Recording;

internal sealed class RecordedFollow : Row
{
    public override string Name => "record.follow";

    public override int Place => 447;

    public override string Subject => "from a message that a recorder sees to its frame at a follower on another connection vs from an append to its frame";

    public override string Unit => "ms";

    public override Goal Goal => Goal.OursAtMost(50, 25);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        await using var writer = bench.NewStore();
        await using var ours = await RecordedFollowOperation.CreateAsync(bench.Store, writer);
        await using var reference = await FollowOperation.CreateAsync(bench.Store, writer);
        var contest = await Contest.RunAsync(ours, reference, callers: 1, bench.Pace);
        return new RowResult(this, contest.Figures(round => round.Milliseconds(50)), contest.Latencies, Allocated: null);
    }
}
