using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Events;

internal sealed class EventsWakeUp : Row
{
    public override string Name => "events.wake-up";

    public override int Place => 432;

    public override string Subject => "an event written until a waiting client has it vs the MCP SDK's event store, 1 caller";

    public override string Unit => "wake-ups/s";

    public override Goal Goal => Goal.RatioAtLeast(10, 100);

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        var contest = await Contest.RunAsync(
            new EventStoreWakeUp(EventStores.NewOurs(bench)), new EventStoreWakeUp(EventStores.New(bench)), callers: 1, bench.Pace);
        await EventStores.RemoveOursAsync(bench);
        await EventStores.RemoveAllAsync(bench);
        return Throughput(contest);
    }
}
