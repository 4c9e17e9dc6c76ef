using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Follow;

internal sealed class FollowWake : Row
{
    public override string Name => "follow.wake";

    public override int Place => 425;

    public override string Subject => "from an append on one connection to its frame at a follower on another vs from an event to its reader in the MCP SDK's event store";

    public override string Unit => "ms";

    public override Goal Goal => Goal.OursAtMost(50, 5);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        await using var writer = bench.NewStore();
        await using var ours = await FollowOperation.CreateAsync(bench.Store, writer);
        await using var reference = await EventStoreFollow.CreateAsync(bench);
        var contest = await Contest.RunAsync(ours, reference, callers: 1, bench.Pace);
        return new RowResult(this, contest.Figures(round => round.Milliseconds(50)), contest.Latencies, Allocated: null);
    }
}
