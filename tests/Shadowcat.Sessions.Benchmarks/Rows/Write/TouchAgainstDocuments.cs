using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Rows.Read;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Write;

internal sealed class TouchAgainstDocuments() : ReadRow(sessions: 1000)
{
    public override string Name => "touch.vs-documents";

    public override int Place => 230;

    public override string Subject => "touch vs a MULTI of HSET and PEXPIRE, 64 callers, 1000 sessions";

    public override Goal Goal => Goal.RatioAtLeast(1, 1.5);

    protected override (IRunnable Ours, IRunnable Reference) NewSides(Bench bench, Session[] sessions) =>
        (new TouchOperation(bench.Store, [.. sessions.Select(session => session.Id)]), new DocumentsTouch(bench, sessions.Length));
}
