using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>An event store of the MCP SDK's kind: each caller writes 1 KB messages, already parsed, to a stream of its own.</summary>
internal sealed class EventStoreWrite(ISseEventStreamStore store, Func<Task> removeAllAsync) : Operation<SseItem<JsonRpcMessage?>>
{
    private readonly JsonRpcMessage[] _messages = EventStores.Messages();
    private ISseEventStreamWriter[] _writers = [];
    private int _rounds;

    public override async Task BeginRoundAsync(int callers)
    {
        var round = _rounds++;
        _writers = new ISseEventStreamWriter[callers];
        for (var i = 0; i < callers; i++)
        {
            _writers[i] = await store.CreateStreamAsync(EventStores.Stream($"write-{round}-{i}"));
        }
    }

    public override async Task EndRoundAsync()
    {
        foreach (var writer in _writers)
        {
            await writer.DisposeAsync();
        }

        await removeAllAsync();
    }

    public override ValueTask<SseItem<JsonRpcMessage?>> CallAsync(int caller, long call) =>
        _writers[caller].WriteEventAsync(new SseItem<JsonRpcMessage?>(_messages[call % _messages.Length], "message"));
}
