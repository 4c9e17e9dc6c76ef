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

    public static byte[] Json(Session session) => JsonSerializer.SerializeToUtf8Bytes(Plain(session), CachedSessionJson.Default.CachedSession);

    public static CachedSession? Read(byte[]? json) => JsonSerializer.Deserialize(json, CachedSessionJson.Default.CachedSession);

    /// <summary>A session as an object without behaviour, as people make them for a cache: what ours holds is in it.</summary>
    public static CachedSession Plain(Session session) => new(
        session.Id.Value,
        session.Generation,
        session.Version,
        session.TransportType,
        session.Status,
        session.State,
        session.Boundary,
        session.CreatedAt,
        session.LastActivity,
        session.ExpiresAt,
        session.FrameCount,
        session.FirstSequence,
        session.TimeToLive,
        session.ClientInfo?.Json,
        session.ServerInfo?.Json,
        session.VersionState?.Requested,
        session.VersionState?.Negotiated,
        [.. session.Tags.Select(tag => tag.Value)]);

    internal sealed record CachedSession(
        string Id,
        Guid Generation,
        long Version,
        TransportType TransportType,
        SessionStatus Status,
        SessionState State,
        SessionBoundary Boundary,
        DateTimeOffset CreatedAt,
        DateTimeOffset LastActivity,
        DateTimeOffset ExpiresAt,
        long FrameCount,
        long FirstSequence,
        TimeSpan? TimeToLive,
        string? Client,
        string? Server,
        string? RequestedVersion,
        string? NegotiatedVersion,
        string[] Tags);

    [JsonSerializable(typeof(CachedSession))]
    private sealed partial class CachedSessionJson : JsonSerializerContext;
}
