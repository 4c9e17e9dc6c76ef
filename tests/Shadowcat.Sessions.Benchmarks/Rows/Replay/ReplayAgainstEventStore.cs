using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Replay;

internal sealed class ReplayAgainstEventStore : ReplayRow
{
    public override string Name => "replay.1000.vs-mcp";

    public override int Place => 420;

    public override string Subject => "1000 frames vs 1000 events of the MCP SDK's event store, 1 caller";

    public override Goal Goal => Goal.RatioAtLeast(55, 90);

    protected override async Task<IRunnable> NewReferenceAsync(Bench bench, SessionId id) => await EventStoreReplay.CreateAsync(EventStores.New(bench), Frames);
}
