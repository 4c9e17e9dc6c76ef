using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Memory;

namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>The suites against a <see cref="BufferedSessionStore"/> around an <see cref="InMemorySessionStore"/>.</summary>
[StoreUnderTest(typeof(BufferedSessionStore), StoreStacks.BufferedInMemory)]
public static class ConformanceBufferedInMemory
{
    public sealed class Lifecycle() : LifecycleConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class CreateSession() : CreateSessionConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class ReadSession() : ReadSessionConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class UpdateSession() : UpdateSessionConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class DeleteSession() : DeleteSessionConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class ListSessions() : ListSessionsConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class ListOrder() : ListOrderConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class FilterSessions() : FilterSessionsConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class CountSessions() : CountSessionsConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class AppendFrames() : AppendFramesConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class ReadFrames() : ReadFramesConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class FollowFrames() : FollowFramesConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class TrimFrames() : TrimFramesConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class Expiry() : ExpiryConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class Argument() : ArgumentConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class Cancellation() : CancellationConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class Disposal() : DisposalConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class Concurrency() : ConcurrencyConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class BorrowFrames() : BorrowFramesConformance(new BufferedHarness(new InMemoryHarness()));

    public sealed class Archive() : ArchiveConformance(new BufferedHarness(new InMemoryHarness()));
}
