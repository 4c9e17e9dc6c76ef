using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Memory;

namespace Shadowcat.Sessions.Tests.Caching;

/// <summary>The suites against a <see cref="CachedSessionStore"/> around a decorator of one's own, through which it finds what it needs.</summary>
[StoreUnderTest(typeof(CachedSessionStore))]
public sealed class ConformanceCachedOverOwnDecorator : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new CachedHarness(new WrappedHarness(new InMemoryHarness(), static store => new PlainDecorator(store)));
}
