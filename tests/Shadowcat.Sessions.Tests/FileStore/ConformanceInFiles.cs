using Shadowcat.Sessions.FileStore;

namespace Shadowcat.Sessions.Tests.FileStore;

/// <summary>The suites against a store of one's own that keeps sessions in files.</summary>
[StoreUnderTest(typeof(FileSessionStore))]
public sealed class ConformanceInFiles : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new FileHarness();
}
