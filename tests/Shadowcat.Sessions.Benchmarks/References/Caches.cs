using Microsoft.Extensions.Caching.StackExchangeRedis;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>Other people's caches on the reference's connection.</summary>
internal static class Caches
{
    public static RedisCache NewRedisCache(Bench bench, string name) => new(new RedisCacheOptions
    {
        ConnectionMultiplexerFactory = () => Task.FromResult(bench.Connection),
        InstanceName = bench.Key(name) + ":",
    });
}
