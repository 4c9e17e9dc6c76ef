using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Read;

internal sealed class GetAgainstRedisCache() : ReadRow(sessions: 1000)
{
    public override string Name => "get.vs-rediscache";

    public override int Place => 310;

    public override string Subject => "get vs RedisCache.Get of a sliding entry, as objects, 64 callers, 1000 sessions";

    public override Goal Goal => Goal.RatioAtLeast(1.6, 2);

    protected override (IRunnable Ours, IRunnable Reference) NewSides(Bench bench, Session[] sessions) =>
        (new GetOperation(bench.Store, [.. sessions.Select(session => session.Id)]), new RedisCacheGet(bench, sessions));
}
