using Shadowcat.Sessions.FileStore;

namespace Shadowcat.Sessions.Tests.Conformance;

/// <summary>Every store, in every configuration, under every stack of decorators, that the suites run against.</summary>
internal static class StoreStacks
{
    public const string InMemory = "in memory";
    public const string InMemoryByDefaults = "in memory, with nothing but what has no default";
    public const string RedisOnePartition = "Redis, 1 partition";
    public const string Redis16Partitions = "Redis, 16 partitions";
    public const string Redis3Connections = "Redis, 3 connections";
    public const string RedisCluster = "Redis Cluster, 256 partitions";
    public const string RedisLeastRights = "Redis, 4 partitions, under the smallest access rule";
    public const string CachedInMemory = "in memory, cached";
    public const string CachedOverOwnDecorator = "in memory, a decorator of one's own, cached";
    public const string CachedOnRedis = "Redis, cached";
    public const string ProtectedInMemory = "in memory, encrypted";
    public const string ProtectedOnRedis = "Redis, encrypted";
    public const string BufferedInMemory = "in memory, buffered";
    public const string BufferedOnRedis = "Redis, buffered";
    public const string EncryptedBufferedOnRedis = "Redis, encrypted, buffered";

    public const string InFiles = "a store of one's own, in files";
    public const string InSqlite = "SQLite";
    public const string CachedInSqlite = "SQLite, cached";
    public const string EncryptedBufferedInSqlite = "SQLite, encrypted, buffered";
    public const string DecoratedFiles = "a store of one's own, in files, encrypted, a decorator of one's own, cached";

    /// <summary>The outermost type of each stack.</summary>
    public static IReadOnlyDictionary<string, Type> All { get; } = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        [InMemory] = typeof(InMemorySessionStore),
        [InMemoryByDefaults] = typeof(MinimalStore),
        [RedisOnePartition] = typeof(RedisSessionStore),
        [Redis16Partitions] = typeof(RedisSessionStore),
        [Redis3Connections] = typeof(RedisSessionStore),
        [RedisCluster] = typeof(RedisSessionStore),
        [RedisLeastRights] = typeof(RedisSessionStore),
        [CachedInMemory] = typeof(CachedSessionStore),
        [CachedOverOwnDecorator] = typeof(CachedSessionStore),
        [CachedOnRedis] = typeof(CachedSessionStore),
        [ProtectedInMemory] = typeof(ProtectedSessionStore),
        [ProtectedOnRedis] = typeof(ProtectedSessionStore),
        [BufferedInMemory] = typeof(BufferedSessionStore),
        [BufferedOnRedis] = typeof(BufferedSessionStore),
        [EncryptedBufferedOnRedis] = typeof(BufferedSessionStore),
        [InFiles] = typeof(FileSessionStore),
        [InSqlite] = typeof(SqliteSessionStore),
        [CachedInSqlite] = typeof(CachedSessionStore),
        [EncryptedBufferedInSqlite] = typeof(BufferedSessionStore),
        [DecoratedFiles] = typeof(CachedSessionStore),
    };
}
