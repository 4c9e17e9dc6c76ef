using Shadowcat.Sessions.Tests.Caching;
using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Protection;

namespace Shadowcat.Sessions.Tests.FileStore;

/// <summary>The suites against a store of one's own with encryption, a decorator of one's own and a cache around it.</summary>
[StoreUnderTest(typeof(CachedSessionStore), KeepsSizes = false)]
public sealed class ConformanceDecoratedFiles : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new CachedHarness(new WrappedHarness(new ProtectedHarness(new FileHarness()), static store => new PlainDecorator(store)));
}
