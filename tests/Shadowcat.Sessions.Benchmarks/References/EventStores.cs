using System.Text.Json;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Shadowcat.Sessions.AspNetCore;
using Shadowcat.Sessions.Benchmarks.Workload;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>The MCP SDK's <see cref="DistributedCacheEventStreamStore"/> with its default lifetimes on Microsoft's <see cref="RedisCache"/>, and ours.</summary>
internal static class EventStores
{
    public static DistributedCacheEventStreamStore New(Bench bench) =>
        new(Options.Create(new DistributedCacheEventStreamStoreOptions { Cache = Caches.NewRedisCache(bench, "events") }));

    public static SessionEventStore NewOurs(Bench bench) =>
        new(new EventLog(bench.Store, Options.Create(new SessionEventStoreOptions())), NullLogger<SessionEventStore>.Instance);

    public static SseEventStreamOptions Stream(string name, SseEventStreamMode mode = SseEventStreamMode.Polling) =>
        new() { SessionId = SessionId.New().Value, StreamId = name, Mode = mode };

    /// <summary>The payloads of <see cref="Messages"/> as the SDK holds them.</summary>
    public static JsonRpcMessage[] Messages() =>
        [.. Workload.Messages.Payloads.Select(payload => JsonSerializer.Deserialize<JsonRpcMessage>(payload, McpJsonUtilities.DefaultOptions)!)];

    /// <summary>Deletes the logs that ours made.</summary>
    public static async Task RemoveOursAsync(Bench bench)
    {
        await foreach (var log in bench.Store.ListSessionsAsync(new SessionFilter { TransportType = TransportType.Sse }))
        {
            await bench.Store.DeleteSessionAsync(log.Id);
        }

        await bench.SettleAsync();
    }

    /// <summary>The store has no way to delete a stream: its keys are looked for.</summary>
    public static async Task RemoveAllAsync(Bench bench)
    {
        var keys = new List<RedisKey>();
        await foreach (var key in bench.Server.KeysAsync(pattern: bench.Key("events:*"), pageSize: 1000))
        {
            keys.Add(key);
        }

        await bench.RemoveAsync(keys);
    }
}
