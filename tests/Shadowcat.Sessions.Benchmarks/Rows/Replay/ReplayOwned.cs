using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Replay;

internal sealed class ReplayOwned : ReplayRow
{
    public override string Name => "replay.1000.owned";

    public override int Place => 410;

    public override string Subject => "1000 frames as envelopes that own their payloads vs LRANGE of the same list, 1 caller";

    public override Goal Goal => Goal.RatioAtLeast(0.6, 0.8);

    protected override Task<IRunnable> NewReferenceAsync(Bench bench, SessionId id) => Task.FromResult<IRunnable>(new RawListRange(bench, id));
}
