using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>The MCP SDK's event store on Microsoft's RedisCache: each caller writes 1 KB messages, already parsed, to a stream of its own.</summary>
internal sealed class EventStoreWrite(Bench bench) : Operation<SseItem<JsonRpcMessage?>>
{
    private readonly DistributedCacheEventStreamStore _store = EventStores.New(bench);
    private readonly JsonRpcMessage[] _messages = EventStores.Messages();
    private ISseEventStreamWriter[] _writers = [];
    private int _rounds;

    public override async Task BeginRoundAsync(int callers)
    {
        var round = _rounds++;
        _writers = new ISseEventStreamWriter[callers];
        for (var i = 0; i < callers; i++)
        {
            _writers[i] = await _store.CreateStreamAsync(EventStores.Stream($"write-{round}-{i}"));
        }
    }

    public override async Task EndRoundAsync()
    {
        foreach (var writer in _writers)
        {
            await writer.DisposeAsync();
        }

        await EventStores.RemoveAllAsync(bench);
    }

    public override ValueTask<SseItem<JsonRpcMessage?>> CallAsync(int caller, long call) =>
        _writers[caller].WriteEventAsync(new SseItem<JsonRpcMessage?>(_messages[call % _messages.Length], "message"));
}
