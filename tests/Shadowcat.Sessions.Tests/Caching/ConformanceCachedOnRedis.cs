using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Caching;

/// <summary>The suites against a <see cref="CachedSessionStore"/> around a <see cref="RedisSessionStore"/>.</summary>
[StoreUnderTest(typeof(CachedSessionStore))]
public sealed class ConformanceCachedOnRedis(RedisFixture redis) : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new CachedHarness(new RedisHarness(redis, partitions: 4));
}
