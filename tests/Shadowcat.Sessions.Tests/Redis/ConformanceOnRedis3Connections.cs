using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>The suites against <see cref="RedisSessionStore"/> that works over three connections.</summary>
[StoreUnderTest(typeof(RedisSessionStore))]
public sealed class ConformanceOnRedis3Connections(RedisFixture redis) : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new RedisHarness(redis, partitions: 1, connections: 3);
}
