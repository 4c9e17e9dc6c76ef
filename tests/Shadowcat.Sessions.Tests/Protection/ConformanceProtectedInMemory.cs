using Shadowcat.Sessions.Tests.Memory;

namespace Shadowcat.Sessions.Tests.Protection;

/// <summary>The suites against a <see cref="ProtectedSessionStore"/> around an <see cref="InMemorySessionStore"/>.</summary>
[StoreUnderTest(typeof(ProtectedSessionStore), KeepsSizes = false)]
public sealed class ConformanceProtectedInMemory : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new ProtectedHarness(new InMemoryHarness());
}
