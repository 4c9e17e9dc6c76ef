namespace Shadowcat.Sessions.Tests.Security;

/// <summary>The suites against <see cref="RedisSessionStore"/> whose account has the rights that docs/redis.md names, and no others.</summary>
[StoreUnderTest(typeof(RedisSessionStore))]
public sealed class ConformanceUnderAccessRule(RestrictedFixture redis) : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => redis.Harness();
}
