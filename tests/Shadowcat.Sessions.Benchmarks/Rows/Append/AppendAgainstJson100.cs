using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

internal sealed class AppendAgainstJson100() : AppendAgainst(sessions: 64)
{
    public override string Name => "append.vs-json100";

    public override int Place => 200;

    public override string Subject => "append vs a JSON blob of 100 frames, 64 callers, a session each";

    public override Goal Goal => Goal.RatioAtLeast(50, 95);

    protected override IRunnable NewReference(Bench bench) => new JsonBlob(bench, frames: 100);
}
