using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

internal sealed class AppendAgainstMulti() : AppendAgainst(sessions: 1000)
{
    public override string Name => "append.vs-multi";

    public override int Place => 180;

    public override string Subject => "append vs MULTI of RPUSH, HINCRBY, HSET, 2 EXPIRE; 64 callers, 1000 sessions";

    public override Goal Goal => Goal.RatioAtLeast(2.5, 4.5);

    protected override IRunnable NewReference(Bench bench) => new MultiOfFive(bench, sessions: 1000);
}
