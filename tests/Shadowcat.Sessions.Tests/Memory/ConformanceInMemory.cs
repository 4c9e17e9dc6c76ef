using Shadowcat.Sessions.Tests.Conformance;

namespace Shadowcat.Sessions.Tests.Memory;

/// <summary>The suites against <see cref="InMemorySessionStore"/>.</summary>
[StoreUnderTest(typeof(InMemorySessionStore), StoreStacks.InMemory)]
public static class ConformanceInMemory
{
    public sealed class Lifecycle() : LifecycleConformance(new InMemoryHarness());

    public sealed class CreateSession() : CreateSessionConformance(new InMemoryHarness());

    public sealed class ReadSession() : ReadSessionConformance(new InMemoryHarness());

    public sealed class UpdateSession() : UpdateSessionConformance(new InMemoryHarness());

    public sealed class DeleteSession() : DeleteSessionConformance(new InMemoryHarness());

    public sealed class ListSessions() : ListSessionsConformance(new InMemoryHarness());

    public sealed class ListOrder() : ListOrderConformance(new InMemoryHarness());

    public sealed class FilterSessions() : FilterSessionsConformance(new InMemoryHarness());

    public sealed class CountSessions() : CountSessionsConformance(new InMemoryHarness());

    public sealed class AppendFrames() : AppendFramesConformance(new InMemoryHarness());

    public sealed class ReadFrames() : ReadFramesConformance(new InMemoryHarness());

    public sealed class BorrowFrames() : BorrowFramesConformance(new InMemoryHarness());

    public sealed class FollowFrames() : FollowFramesConformance(new InMemoryHarness());

    public sealed class Archive() : ArchiveConformance(new InMemoryHarness());

    public sealed class TrimFrames() : TrimFramesConformance(new InMemoryHarness());

    public sealed class RepeatableAppends() : RepeatableAppendsConformance(new InMemoryHarness());

    public sealed class Expiry() : ExpiryConformance(new InMemoryHarness());

    public sealed class Argument() : ArgumentConformance(new InMemoryHarness());

    public sealed class Cancellation() : CancellationConformance(new InMemoryHarness());

    public sealed class Concurrency() : ConcurrencyConformance(new InMemoryHarness());
}
