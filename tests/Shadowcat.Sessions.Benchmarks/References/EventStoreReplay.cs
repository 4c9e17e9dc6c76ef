using ModelContextProtocol.Server;
using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>An event store of the MCP SDK's kind: reads all the events of a stream that came after its first.</summary>
internal sealed class EventStoreReplay(ISseEventStreamStore store, string firstEvent) : Operation<long>
{
    /// <summary>The event behind which it reads.</summary>
    public string FirstEvent => firstEvent;

    /// <summary>Writes a stream with so many events behind the first.</summary>
    public static async Task<EventStoreReplay> CreateAsync(ISseEventStreamStore store, int events)
    {
        var messages = EventStores.Messages();
        await using var writer = await store.CreateStreamAsync(EventStores.Stream("replay"));
        var first = await writer.WriteEventAsync(new(messages[0], "message"));
        for (var i = 1; i <= events; i++)
        {
            await writer.WriteEventAsync(new(messages[i % messages.Length], "message"));
        }

        return new EventStoreReplay(store, first.EventId!);
    }

    public override async ValueTask<long> CallAsync(int caller, long call)
    {
        var events = 0L;
        var reader = await store.GetStreamReaderAsync(firstEvent);
        await foreach (var _ in reader!.ReadEventsAsync())
        {
            events++;
        }

        return events;
    }
}
