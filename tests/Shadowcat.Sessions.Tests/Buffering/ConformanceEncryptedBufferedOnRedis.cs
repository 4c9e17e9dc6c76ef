using Shadowcat.Sessions.Tests.Protection;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>The suites against a <see cref="BufferedSessionStore"/> around a <see cref="ProtectedSessionStore"/> around a <see cref="RedisSessionStore"/>.</summary>
[StoreUnderTest(typeof(BufferedSessionStore), KeepsSizes = false)]
public sealed class ConformanceEncryptedBufferedOnRedis(RedisFixture redis) : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));
}
