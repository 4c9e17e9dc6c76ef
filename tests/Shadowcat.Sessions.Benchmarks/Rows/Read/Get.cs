using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Read;

internal sealed class Get() : ReadRow(sessions: 1000)
{
    public override string Name => "get";

    public override int Place => 300;

    public override string Subject => "get vs HGETALL of the same hash, 64 callers, 1000 sessions";

    public override Goal Goal => Goal.RatioAtLeast(0.9, 1.1);

    protected override (IRunnable Ours, IRunnable Reference) NewSides(Bench bench, Session[] sessions)
    {
        var ids = sessions.Select(session => session.Id).ToArray();
        return (new GetOperation(bench.Store, ids), new RawHashGetAll(bench, ids));
    }
}
