using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Rows.Read;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Write;

/// <summary>What a compare-and-set costs beside a write that overwrites whatever is there.</summary>
internal sealed class UpdateAgainstRedisCache() : ReadRow(sessions: 64)
{
    public override string Name => "update.vs-rediscache";

    public override int Place => 225;

    public override string Subject => "update (compare-and-set) vs RedisCache.Set of a sliding entry, 64 callers, a session each";

    public override Goal Goal => Goal.RatioAtLeast(0.7, 1);

    protected override (IRunnable Ours, IRunnable Reference) NewSides(Bench bench, Session[] sessions) =>
        (new UpdateOperation(bench.Store, [.. sessions]), new RedisCacheSet(bench, sessions));
}
