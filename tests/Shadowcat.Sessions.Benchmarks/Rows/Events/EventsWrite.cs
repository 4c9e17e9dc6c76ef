using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Events;

internal sealed class EventsWrite : Row
{
    public override string Name => "events.write";

    public override int Place => 430;

    public override string Subject => "events written, each to a stream of its own, vs the MCP SDK's event store, 64 callers";

    public override string Unit => "events/s";

    public override Goal Goal => Goal.RatioAtLeast(3, 5);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        var contest = await Contest.RunAsync(
            new EventStoreWrite(EventStores.NewOurs(bench), () => EventStores.RemoveOursAsync(bench)),
            new EventStoreWrite(EventStores.New(bench), () => EventStores.RemoveAllAsync(bench)),
            callers: 64,
            bench.Pace);
        return Throughput(contest);
    }
}
