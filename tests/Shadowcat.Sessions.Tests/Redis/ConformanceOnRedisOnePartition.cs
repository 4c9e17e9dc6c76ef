using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>The suites against <see cref="RedisSessionStore"/> whose layout has one partition.</summary>
[StoreUnderTest(typeof(RedisSessionStore))]
public sealed class ConformanceOnRedisOnePartition(RedisFixture redis) : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new RedisHarness(redis, partitions: 1);
}
