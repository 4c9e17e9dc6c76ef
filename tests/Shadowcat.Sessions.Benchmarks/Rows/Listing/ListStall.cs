using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Listing;

internal sealed class ListStall : Row
{
    private static readonly TimeSpan Unbounded = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    public override string Name => "list.100k.stall";

    public override int Place => 510;

    public override string Subject => "longest get of a caller on another connection while 100 000 sessions are listed; the reference is without the listing";

    public override string Unit => "ms";

    public override Goal Goal => Goal.OursAtMost(10, 5);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        var ids = await ManySessions.CreateAsync(bench);
        await using var other = bench.NewStore();
        var listing = new ListOperation(bench.Store, ids.Length);
        var ours = new Bystander(other, ids[0], () => listing.CallAsync(0, 0).AsTask());
        var reference = new Bystander(other, ids[0], () => Task.Delay(Quiet));
        await reference.RunAsync(1, Unbounded);
        var result = new ContestResult([], []);
        for (var round = 0; round < ManySessions.Pace(bench).Rounds; round++)
        {
            result.Ours.Add(await ours.RunAsync(1, Unbounded));
            result.Reference.Add(await reference.RunAsync(1, Unbounded));
        }

        return new RowResult(this, result.Figures(round => round.Milliseconds(100)), result.Latencies, Allocated: null);
    }
}
