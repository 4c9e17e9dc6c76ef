using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Read;

internal sealed class GetMany() : ReadRow(sessions: 1000)
{
    private const int Together = 100;

    public override string Name => "get.many.100";

    public override int Place => 305;

    public override string Subject => "100 sessions by one call vs 100 HGETALL pipelined, 64 callers, 1000 sessions";

    public override string Unit => "calls/s";

    public override Goal Goal => Goal.RatioAtLeast(1, 1.3);

    protected override (IRunnable Ours, IRunnable Reference) NewSides(Bench bench, Session[] sessions)
    {
        var ids = sessions.Select(session => session.Id).ToArray();
        return (new GetManyOperation(bench.Store, ids, Together), new RawHashGetAllOfMany(bench, ids, Together));
    }
}
