using System.Text.Json;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace Shadowcat.Sessions.AspNetCore.Tests.Documents;

/// <summary>The examples of docs/replicas.md and docs/comparison.md, so that they compile and run.</summary>
internal static class Examples
{
    public static void Run(IServiceCollection services)
    {
        // <replicas>
        services.AddShadowcatSessions().UseRedis("localhost:6379");
        services.AddMcpServer().WithHttpTransport()
            .WithSessionMigration()      // any replica goes on with any session
            .WithSessionEventStore()     // clients resume their SSE streams at any replica
            .WithSessionRecording();
        // </replicas>
    }

    public static async Task<bool> SaveInACacheAsync(IDistributedCache cache, string id, byte[] message)
    {
        // <before>
        var json = await cache.GetAsync(id) ?? "[]"u8.ToArray();
        var messages = JsonSerializer.Deserialize<List<JsonElement>>(json)!;
        messages.Add(JsonSerializer.Deserialize<JsonElement>(message));
        await cache.SetAsync(id, JsonSerializer.SerializeToUtf8Bytes(messages),     // two replicas at once: one message is lost
            new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromHours(1) });
        // </before>

        return true;
    }

    public static async Task SaveInAStoreAsync(ISessionStore store, SessionId id, byte[] message)
    {
        // <after>
        await store.AddFrameAsync(new MessageEnvelope(id, MessageDirection.ClientToServer, TransportType.StreamableHttp, message, DateTimeOffset.UtcNow));
        // </after>
    }

    public static async Task<Session> ImportAsync(IDistributedCache cache, ISessionStore store, SessionId id)
    {
        // <migration>
        var session = await store.CreateSessionAsync(new Session(id, TransportType.StreamableHttp));
        var messages = JsonSerializer.Deserialize<List<JsonElement>>(await cache.GetAsync(id.Value) ?? "[]"u8.ToArray())!;
        if (messages.Count > 0)
        {
            await store.AddFramesAsync(session.Id, [.. messages.Select(message => new MessageEnvelope(
                session.Id, MessageDirection.ClientToServer, TransportType.StreamableHttp, JsonSerializer.SerializeToUtf8Bytes(message), DateTimeOffset.UtcNow))]);
        }

        await cache.RemoveAsync(id.Value);
        // </migration>

        return session;
    }
}
