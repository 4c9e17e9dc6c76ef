using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Write;

internal sealed class DeleteAgainstDocuments : WriteRow
{
    private const int CallsPerCaller = 150;

    public override string Name => "delete.vs-documents";

    public override int Place => 240;

    public override string Subject => "delete of a session with a frame vs a MULTI of two DEL and SREM, 64 callers";

    public override Goal Goal => Goal.RatioAtLeast(0.8, 1.2);

    protected override (IRunnable Ours, IRunnable Reference) NewSides(Bench bench) => (new DeleteOperation(bench, CallsPerCaller), new DocumentsDelete(bench, CallsPerCaller));
}
