using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;

namespace Shadowcat.Sessions.Benchmarks.Rows.Read;

internal sealed class GetCachedAgainstFusionCache : CachedReadRow
{
    public override string Name => "get.cached.vs-fusioncache";

    public override int Place => 325;

    public override string Subject => "get from a copy vs a hit of FusionCache, which hands out the same object; 64 callers, 1000 sessions";

    public override Goal? Goal => null;

    protected override IRunnable NewReference(IReadOnlyList<Session> sessions) => new FusionCacheGet(sessions);
}
