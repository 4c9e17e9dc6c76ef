using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>Microsoft's RedisCache on the reference's connection, and a session as one keeps it there.</summary>
internal static partial class Caches
{
    public static DistributedCacheEntryOptions Sliding { get; } = new() { SlidingExpiration = TimeSpan.FromHours(1) };

    public static RedisCache NewRedisCache(Bench bench, string name) => new(new RedisCacheOptions
    {
        ConnectionMultiplexerFactory = () => Task.FromResult(bench.Connection),
        InstanceName = bench.Key(name) + ":",
    });

    public static byte[] Json(Session session) => JsonSerializer.SerializeToUtf8Bytes(
        new CachedSession(
            session.Id.Value,
            session.TransportType,
            session.Status,
            session.State,
            session.CreatedAt,
            session.LastActivity,
            session.FrameCount,
            session.ClientInfo?.Name,
            session.ClientInfo?.Version,
            session.ServerInfo?.Name,
            session.ServerInfo?.Version,
            session.VersionState?.Negotiated,
            [.. session.Tags.Select(tag => tag.Value)]),
        CachedSessionJson.Default.CachedSession);

    internal sealed record CachedSession(
        string Id,
        TransportType TransportType,
        SessionStatus Status,
        SessionState State,
        DateTimeOffset CreatedAt,
        DateTimeOffset LastActivity,
        long FrameCount,
        string? ClientName,
        string? ClientVersion,
        string? ServerName,
        string? ServerVersion,
        string? ProtocolVersion,
        string[] Tags);

    [JsonSerializable(typeof(CachedSession))]
    private sealed partial class CachedSessionJson : JsonSerializerContext;
}
