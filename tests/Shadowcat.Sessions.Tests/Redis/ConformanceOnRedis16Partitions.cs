using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>The suites against <see cref="RedisSessionStore"/> whose layout has 16 partitions.</summary>
[StoreUnderTest(typeof(RedisSessionStore))]
public sealed class ConformanceOnRedis16Partitions(RedisFixture redis) : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new RedisHarness(redis, partitions: 16);
}
