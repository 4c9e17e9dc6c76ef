using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;

namespace Shadowcat.Sessions.Benchmarks.Rows.Read;

internal sealed class GetCached : CachedReadRow
{
    public override string Name => "get.cached";

    public override int Place => 320;

    public override string Subject => "get from a copy vs a hit of HybridCache, 64 callers, 1000 sessions";

    public override Goal Goal => Goal.RatioAtLeast(3, 10);

    protected override IRunnable NewReference(IReadOnlyList<Session> sessions) => new HybridCacheGet(sessions);
}
