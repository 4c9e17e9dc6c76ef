using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

internal sealed class AppendAgainstJson1000() : AppendAgainst(sessions: 64)
{
    public override string Name => "append.vs-json1000";

    public override int Place => 210;

    public override string Subject => "append vs a JSON blob of 1000 frames, 64 callers, a session each";

    public override Goal Goal => Goal.RatioAtLeast(450, 900);

    protected override IRunnable NewReference(Bench bench) => new JsonBlob(bench, frames: 1000);
}
