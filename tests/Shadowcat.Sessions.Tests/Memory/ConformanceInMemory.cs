namespace Shadowcat.Sessions.Tests.Memory;

/// <summary>The suites against <see cref="InMemorySessionStore"/>.</summary>
[StoreUnderTest(typeof(InMemorySessionStore))]
public sealed class ConformanceInMemory : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new InMemoryHarness();
}
