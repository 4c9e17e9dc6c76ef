using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>The suites against <see cref="RedisSessionStore"/> on a cluster, with the 256 partitions it chooses there by itself.</summary>
[StoreUnderTest(typeof(RedisSessionStore))]
public sealed class ConformanceOnRedisCluster(ClusterFixture cluster) : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new RedisHarness(cluster.ConfigureAsync, partitions: null);
}
