using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>The suites against <see cref="RedisSessionStore"/> that works over three connections.</summary>
[StoreUnderTest(typeof(RedisSessionStore), StoreStacks.Redis3Connections)]
public static class ConformanceOnRedis3Connections
{
    public sealed class Lifecycle(RedisFixture redis) : LifecycleConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class CreateSession(RedisFixture redis) : CreateSessionConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class ReadSession(RedisFixture redis) : ReadSessionConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class UpdateSession(RedisFixture redis) : UpdateSessionConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class DeleteSession(RedisFixture redis) : DeleteSessionConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class ListSessions(RedisFixture redis) : ListSessionsConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class ListOrder(RedisFixture redis) : ListOrderConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class FilterSessions(RedisFixture redis) : FilterSessionsConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class CountSessions(RedisFixture redis) : CountSessionsConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class AppendFrames(RedisFixture redis) : AppendFramesConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class ReadFrames(RedisFixture redis) : ReadFramesConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class BorrowFrames(RedisFixture redis) : BorrowFramesConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class FollowFrames(RedisFixture redis) : FollowFramesConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class Archive(RedisFixture redis) : ArchiveConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class TrimFrames(RedisFixture redis) : TrimFramesConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class RepeatableAppends(RedisFixture redis) : RepeatableAppendsConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class Expiry(RedisFixture redis) : ExpiryConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class Argument(RedisFixture redis) : ArgumentConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class Cancellation(RedisFixture redis) : CancellationConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class Disposal(RedisFixture redis) : DisposalConformance(new RedisHarness(redis, partitions: 1, connections: 3));

    public sealed class Concurrency(RedisFixture redis) : ConcurrencyConformance(new RedisHarness(redis, partitions: 1, connections: 3));
}
