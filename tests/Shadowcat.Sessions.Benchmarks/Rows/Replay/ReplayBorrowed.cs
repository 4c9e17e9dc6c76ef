using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Replay;

internal sealed class ReplayBorrowed : ReplayRow
{
    public override string Name => "replay.1000.borrowed";

    public override int Place => 405;

    public override string Subject => "1000 frames borrowed one after the other, headers read, vs LRANGE of the same list, 1 caller";

    public override Goal Goal => Goal.RatioAtLeast(0.8, 0.95);

    protected override IRunnable NewOurs(Bench bench, SessionId id) => new BorrowOperation(bench.Store, id);

    protected override Task<IRunnable> NewReferenceAsync(Bench bench, SessionId id) => Task.FromResult<IRunnable>(new RawListRange(bench, id));
}
