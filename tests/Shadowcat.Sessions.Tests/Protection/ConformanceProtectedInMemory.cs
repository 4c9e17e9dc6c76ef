using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Memory;

namespace Shadowcat.Sessions.Tests.Protection;

/// <summary>The suites against a <see cref="ProtectedSessionStore"/> around an <see cref="InMemorySessionStore"/>.</summary>
[StoreUnderTest(typeof(ProtectedSessionStore), StoreStacks.ProtectedInMemory)]
public static class ConformanceProtectedInMemory
{
    public sealed class Lifecycle() : LifecycleConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class CreateSession() : CreateSessionConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class ReadSession() : ReadSessionConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class UpdateSession() : UpdateSessionConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class DeleteSession() : DeleteSessionConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class ListSessions() : ListSessionsConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class ListOrder() : ListOrderConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class FilterSessions() : FilterSessionsConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class CountSessions() : CountSessionsConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class AppendFrames() : AppendFramesConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class ReadFrames() : ReadFramesConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class FollowFrames() : FollowFramesConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class TrimFrames() : TrimFramesConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class Expiry() : ExpiryConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class Argument() : ArgumentConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class Cancellation() : CancellationConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class Concurrency() : ConcurrencyConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class BorrowFrames() : BorrowFramesConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class Archive() : ArchiveConformance(new ProtectedHarness(new InMemoryHarness()));

    public sealed class RepeatableAppends() : RepeatableAppendsConformance(new ProtectedHarness(new InMemoryHarness()));
}
