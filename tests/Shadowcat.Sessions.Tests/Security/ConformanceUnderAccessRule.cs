using Shadowcat.Sessions.Tests.Conformance;

namespace Shadowcat.Sessions.Tests.Security;

/// <summary>The suites against <see cref="RedisSessionStore"/> whose account has the rights that the README names, and no others.</summary>
[StoreUnderTest(typeof(RedisSessionStore), StoreStacks.RedisLeastRights)]
public static class ConformanceUnderAccessRule
{
    public sealed class Lifecycle(RestrictedFixture redis) : LifecycleConformance(redis.Harness());

    public sealed class CreateSession(RestrictedFixture redis) : CreateSessionConformance(redis.Harness());

    public sealed class ReadSession(RestrictedFixture redis) : ReadSessionConformance(redis.Harness());

    public sealed class UpdateSession(RestrictedFixture redis) : UpdateSessionConformance(redis.Harness());

    public sealed class DeleteSession(RestrictedFixture redis) : DeleteSessionConformance(redis.Harness());

    public sealed class ListSessions(RestrictedFixture redis) : ListSessionsConformance(redis.Harness());

    public sealed class ListOrder(RestrictedFixture redis) : ListOrderConformance(redis.Harness());

    public sealed class FilterSessions(RestrictedFixture redis) : FilterSessionsConformance(redis.Harness());

    public sealed class CountSessions(RestrictedFixture redis) : CountSessionsConformance(redis.Harness());

    public sealed class AppendFrames(RestrictedFixture redis) : AppendFramesConformance(redis.Harness());

    public sealed class ReadFrames(RestrictedFixture redis) : ReadFramesConformance(redis.Harness());

    public sealed class BorrowFrames(RestrictedFixture redis) : BorrowFramesConformance(redis.Harness());

    public sealed class FollowFrames(RestrictedFixture redis) : FollowFramesConformance(redis.Harness());

    public sealed class Archive(RestrictedFixture redis) : ArchiveConformance(redis.Harness());

    public sealed class TrimFrames(RestrictedFixture redis) : TrimFramesConformance(redis.Harness());

    public sealed class RepeatableAppends(RestrictedFixture redis) : RepeatableAppendsConformance(redis.Harness());

    public sealed class Expiry(RestrictedFixture redis) : ExpiryConformance(redis.Harness());

    public sealed class Argument(RestrictedFixture redis) : ArgumentConformance(redis.Harness());

    public sealed class Cancellation(RestrictedFixture redis) : CancellationConformance(redis.Harness());

    public sealed class Disposal(RestrictedFixture redis) : DisposalConformance(redis.Harness());

    public sealed class Concurrency(RestrictedFixture redis) : ConcurrencyConformance(redis.Harness());
}
