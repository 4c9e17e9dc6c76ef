using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Append;

internal sealed class AppendAgainstEventStore() : AppendAgainst(sessions: 64)
{
    public override string Name => "append.vs-mcp";

    public override int Place => 190;

    public override string Subject => "append vs a write to the MCP SDK's event store, 64 callers, a session each";

    public override Goal Goal => Goal.RatioAtLeast(3, 6);

    protected override IRunnable NewReference(Bench bench) => new EventStoreWrite(EventStores.New(bench), () => EventStores.RemoveAllAsync(bench));
}
