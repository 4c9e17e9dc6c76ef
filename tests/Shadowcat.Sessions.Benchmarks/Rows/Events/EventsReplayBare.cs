using Shadowcat.Sessions.AspNetCore;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.References;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Events;

/// <summary>What <see cref="EventsReplay"/> cannot surpass: as it, with nothing but the reading of the list and the parsing of messages.</summary>
internal sealed class EventsReplayBare : Row
{
    public override string Name => "events.replay.bare";

    public override int Place => 433;

    public override string Subject => "the same from a bare list, parsed and checked for nothing: the limit";

    public override string Unit => "events/s";

    public override Goal? Goal => null;

    public override async Task<RowResult> RunAsync(Bench bench)
    {
        const int Events = 1000;
        var ours = await EventStoreReplay.CreateAsync(EventStores.NewOurs(bench), Events);
        if (!EventId.TryParse(ours.FirstEvent, out var first))
        {
            throw new InvalidOperationException($"The event store handed out '{ours.FirstEvent}', which is no id.");
        }

        var list = bench.ListKeyOf(EventLog.IdOf(first.SessionId));
        var bare = new BareReplay(bench.Database, list, first, Events);
        if (await bare.CallAsync(0, 0) is var read and not Events)
        {
            throw new InvalidOperationException($"Of {Events} events {read} were read.");
        }

        var contest = await Contest.RunAsync(bare, await EventStoreReplay.CreateAsync(EventStores.New(bench), Events), callers: 1, bench.Pace);
        await EventStores.RemoveOursAsync(bench);
        await EventStores.RemoveAllAsync(bench);
        return Throughput(contest, Events);
    }
}
