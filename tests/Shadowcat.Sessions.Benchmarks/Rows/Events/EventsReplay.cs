using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Events;

internal sealed class EventsReplay : Row
{
    public override string Name => "events.replay.1000";

    public override int Place => 431;

    public override string Subject => "1000 events resumed vs the MCP SDK's event store, 1 caller";

    public override string Unit => "events/s";

    public override Goal Goal => Goal.RatioAtLeast(50, 90);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        const int Events = 1000;
        var contest = await Contest.RunAsync(
            await EventStoreReplay.CreateAsync(EventStores.NewOurs(bench), Events),
            await EventStoreReplay.CreateAsync(EventStores.New(bench), Events),
            callers: 1,
            bench.Pace);
        await EventStores.RemoveOursAsync(bench);
        await EventStores.RemoveAllAsync(bench);
        return Throughput(contest, Events);
    }
}
