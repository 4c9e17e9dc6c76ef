using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>The MCP SDK's event store: one writes to a stream, another reads on from its first event. It looks once a second, as it does by default.</summary>
internal sealed class EventStoreFollow : WakeUp
{
    private const int LongestPause = 1000;

    private readonly ISseEventStreamWriter _writer;
    private readonly IAsyncEnumerator<SseItem<JsonRpcMessage?>> _events;
    private readonly JsonRpcMessage[] _messages = EventStores.Messages();
    private int _written;

    private EventStoreFollow(ISseEventStreamWriter writer, IAsyncEnumerator<SseItem<JsonRpcMessage?>> events)
        : base(LongestPause) => (_writer, _events) = (writer, events);

    public static async Task<EventStoreFollow> CreateAsync(Bench bench)
    {
        var options = EventStores.Stream("follow");
        options.Mode = SseEventStreamMode.Streaming;
        var writer = await EventStores.New(bench).CreateStreamAsync(options);
        var first = await writer.WriteEventAsync(new(EventStores.Messages()[0], "message"));
        var reader = await EventStores.New(bench).GetStreamReaderAsync(first.EventId!);
        return new EventStoreFollow(writer, reader!.ReadEventsAsync().GetAsyncEnumerator());
    }

    public override async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        await _writer.DisposeAsync();
    }

    protected override async Task WriteAsync() => await _writer.WriteEventAsync(new SseItem<JsonRpcMessage?>(_messages[_written++ % _messages.Length], "message"));

    protected override async Task ReadAsync() => await _events.MoveNextAsync();
}
