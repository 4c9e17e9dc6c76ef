using MyStore = Shadowcat.Sessions.Tests.Conformance.MinimalStore;

namespace Shadowcat.Sessions.Tests.Documents;

// docs/extending.md shows from here on how the suites are run against a store of one's own. They run here against one that leaves to the defaults of ISessionStore what it can, by the clock of the system.
/// <summary>Every promise, against <see cref="MyStore"/>.</summary>
// <testkit>
[StoreUnderTest(typeof(MyStore))]
public sealed class MyStoreTests : SessionStoreConformance
{
    protected override IStoreHarness CreateHarness() => new Harness();

    private sealed class Harness : IStoreHarness
    {
        private MyStore? _store;

        public ValueTask<ISessionStore> CreateStoreAsync(SessionStoreOptions? options = null, IEnumerable<ISessionExpirationListener>? listeners = null) =>
            new(_store ??= new MyStore(options, listeners));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
// </testkit>
