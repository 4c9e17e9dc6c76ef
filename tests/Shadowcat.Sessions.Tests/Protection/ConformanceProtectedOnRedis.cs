using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Protection;

/// <summary>The suites against a <see cref="ProtectedSessionStore"/> around a <see cref="RedisSessionStore"/>.</summary>
[StoreUnderTest(typeof(ProtectedSessionStore), KeepsSizes = false)]
public sealed class ConformanceProtectedOnRedis(RedisFixture redis) : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new ProtectedHarness(new RedisHarness(redis, partitions: 4));
}
