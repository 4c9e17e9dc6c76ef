using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>An event store of the MCP SDK's kind: an event is written, and a client that waits for it gets it.</summary>
internal sealed class EventStoreWakeUp(ISseEventStreamStore store) : Operation<bool>
{
    private readonly JsonRpcMessage[] _messages = EventStores.Messages();
    private ISseEventStreamWriter? _writer;
    private IAsyncEnumerator<SseItem<JsonRpcMessage?>>? _reading;

    public override async Task BeginRoundAsync(int callers)
    {
        _writer = await store.CreateStreamAsync(EventStores.Stream("wake-up", SseEventStreamMode.Streaming));
        var first = await _writer.WriteEventAsync(new(_messages[0], "message"));
        _reading = (await store.GetStreamReaderAsync(first.EventId!))!.ReadEventsAsync().GetAsyncEnumerator();
    }

    public override async Task EndRoundAsync()
    {
        await _reading!.DisposeAsync();
        await _writer!.DisposeAsync();
    }

    public override async ValueTask<bool> CallAsync(int caller, long call)
    {
        var waiting = _reading!.MoveNextAsync();
        await _writer!.WriteEventAsync(new(_messages[call % _messages.Length], "message"));
        return await waiting;
    }
}
