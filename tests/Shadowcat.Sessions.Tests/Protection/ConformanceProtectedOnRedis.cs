using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Protection;

/// <summary>The suites against a <see cref="ProtectedSessionStore"/> around a <see cref="RedisSessionStore"/>.</summary>
[StoreUnderTest(typeof(ProtectedSessionStore), StoreStacks.ProtectedOnRedis)]
public static class ConformanceProtectedOnRedis
{
    public sealed class Lifecycle(RedisFixture redis) : LifecycleConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class CreateSession(RedisFixture redis) : CreateSessionConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class ReadSession(RedisFixture redis) : ReadSessionConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class UpdateSession(RedisFixture redis) : UpdateSessionConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class DeleteSession(RedisFixture redis) : DeleteSessionConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class ListSessions(RedisFixture redis) : ListSessionsConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class ListOrder(RedisFixture redis) : ListOrderConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class FilterSessions(RedisFixture redis) : FilterSessionsConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class CountSessions(RedisFixture redis) : CountSessionsConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class AppendFrames(RedisFixture redis) : AppendFramesConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class ReadFrames(RedisFixture redis) : ReadFramesConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class FollowFrames(RedisFixture redis) : FollowFramesConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class TrimFrames(RedisFixture redis) : TrimFramesConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class Expiry(RedisFixture redis) : ExpiryConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class Argument(RedisFixture redis) : ArgumentConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class Cancellation(RedisFixture redis) : CancellationConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class Concurrency(RedisFixture redis) : ConcurrencyConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class BorrowFrames(RedisFixture redis) : BorrowFramesConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class Archive(RedisFixture redis) : ArchiveConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class RepeatableAppends(RedisFixture redis) : RepeatableAppendsConformance(new ProtectedHarness(new RedisHarness(redis, partitions: 4)));
}
