using Shadowcat.Sessions.Tests.Caching;
using Shadowcat.Sessions.Tests.Conformance;

namespace Shadowcat.Sessions.Tests.Sqlite;

/// <summary>The suites against a <see cref="CachedSessionStore"/> around a <see cref="SqliteSessionStore"/>.</summary>
[StoreUnderTest(typeof(CachedSessionStore), StoreStacks.CachedInSqlite)]
public static class ConformanceCachedInSqlite
{
    public sealed class Lifecycle() : LifecycleConformance(NewHarness());

    public sealed class CreateSession() : CreateSessionConformance(NewHarness());

    public sealed class ReadSession() : ReadSessionConformance(NewHarness());

    public sealed class UpdateSession() : UpdateSessionConformance(NewHarness());

    public sealed class DeleteSession() : DeleteSessionConformance(NewHarness());

    public sealed class ListSessions() : ListSessionsConformance(NewHarness());

    public sealed class ListOrder() : ListOrderConformance(NewHarness());

    public sealed class FilterSessions() : FilterSessionsConformance(NewHarness());

    public sealed class CountSessions() : CountSessionsConformance(NewHarness());

    public sealed class AppendFrames() : AppendFramesConformance(NewHarness());

    public sealed class ReadFrames() : ReadFramesConformance(NewHarness());

    public sealed class BorrowFrames() : BorrowFramesConformance(NewHarness());

    public sealed class FollowFrames() : FollowFramesConformance(NewHarness());

    public sealed class Archive() : ArchiveConformance(NewHarness());

    public sealed class TrimFrames() : TrimFramesConformance(NewHarness());

    public sealed class Expiry() : ExpiryConformance(NewHarness());

    public sealed class Argument() : ArgumentConformance(NewHarness());

    public sealed class Cancellation() : CancellationConformance(NewHarness());

    public sealed class Concurrency() : ConcurrencyConformance(NewHarness());

    public sealed class Disposal() : DisposalConformance(NewHarness());

    private static CachedHarness NewHarness() => new(new SqliteHarness());
}
