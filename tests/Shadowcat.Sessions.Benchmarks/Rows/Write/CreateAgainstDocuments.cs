using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Write;

internal sealed class CreateAgainstDocuments : WriteRow
{
    public override string Name => "create.vs-documents";

    public override int Place => 220;

    public override string Subject => "create vs a MULTI of seven HSET, SADD and EXPIRE, 64 callers";

    public override Goal Goal => Goal.RatioAtLeast(1, 1.5);

    protected override (IRunnable Ours, IRunnable Reference) NewSides(Bench bench) => (new CreateOperation(bench), new DocumentsCreate(bench));
}
