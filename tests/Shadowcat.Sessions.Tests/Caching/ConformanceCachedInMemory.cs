using Shadowcat.Sessions.Tests.Memory;

namespace Shadowcat.Sessions.Tests.Caching;

/// <summary>The suites against a <see cref="CachedSessionStore"/> around an <see cref="InMemorySessionStore"/>.</summary>
[StoreUnderTest(typeof(CachedSessionStore))]
public sealed class ConformanceCachedInMemory : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new CachedHarness(new InMemoryHarness());
}
