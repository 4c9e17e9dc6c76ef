using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>The suites against a <see cref="BufferedSessionStore"/> around a <see cref="RedisSessionStore"/>.</summary>
[StoreUnderTest(typeof(BufferedSessionStore))]
public sealed class ConformanceBufferedOnRedis(RedisFixture redis) : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new BufferedHarness(new RedisHarness(redis, partitions: 4));
}
