using Shadowcat.Sessions.Tests.Memory;

namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>The suites against a <see cref="BufferedSessionStore"/> around an <see cref="InMemorySessionStore"/>.</summary>
[StoreUnderTest(typeof(BufferedSessionStore))]
public sealed class ConformanceBufferedInMemory : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new BufferedHarness(new InMemoryHarness());
}
