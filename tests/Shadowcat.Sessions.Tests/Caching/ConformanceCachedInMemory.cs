using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Memory;

namespace Shadowcat.Sessions.Tests.Caching;

/// <summary>The suites against a <see cref="CachedSessionStore"/> around an <see cref="InMemorySessionStore"/>.</summary>
[StoreUnderTest(typeof(CachedSessionStore), StoreStacks.CachedInMemory)]
public static class ConformanceCachedInMemory
{
    public sealed class Lifecycle() : LifecycleConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class CreateSession() : CreateSessionConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class ReadSession() : ReadSessionConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class UpdateSession() : UpdateSessionConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class DeleteSession() : DeleteSessionConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class ListSessions() : ListSessionsConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class ListOrder() : ListOrderConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class FilterSessions() : FilterSessionsConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class CountSessions() : CountSessionsConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class AppendFrames() : AppendFramesConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class ReadFrames() : ReadFramesConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class FollowFrames() : FollowFramesConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class TrimFrames() : TrimFramesConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class Expiry() : ExpiryConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class Argument() : ArgumentConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class Cancellation() : CancellationConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class Disposal() : DisposalConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class Concurrency() : ConcurrencyConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class BorrowFrames() : BorrowFramesConformance(new CachedHarness(new InMemoryHarness()));

    public sealed class Archive() : ArchiveConformance(new CachedHarness(new InMemoryHarness()));
}
