using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Caching;

/// <summary>The suites against a <see cref="CachedSessionStore"/> around a <see cref="RedisSessionStore"/>.</summary>
[StoreUnderTest(typeof(CachedSessionStore), StoreStacks.CachedOnRedis)]
public static class ConformanceCachedOnRedis
{
    public sealed class Lifecycle(RedisFixture redis) : LifecycleConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class CreateSession(RedisFixture redis) : CreateSessionConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class ReadSession(RedisFixture redis) : ReadSessionConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class UpdateSession(RedisFixture redis) : UpdateSessionConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class DeleteSession(RedisFixture redis) : DeleteSessionConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class ListSessions(RedisFixture redis) : ListSessionsConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class ListOrder(RedisFixture redis) : ListOrderConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class FilterSessions(RedisFixture redis) : FilterSessionsConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class CountSessions(RedisFixture redis) : CountSessionsConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class AppendFrames(RedisFixture redis) : AppendFramesConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class ReadFrames(RedisFixture redis) : ReadFramesConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class FollowFrames(RedisFixture redis) : FollowFramesConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class TrimFrames(RedisFixture redis) : TrimFramesConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class Expiry(RedisFixture redis) : ExpiryConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class Argument(RedisFixture redis) : ArgumentConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class Cancellation(RedisFixture redis) : CancellationConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class Disposal(RedisFixture redis) : DisposalConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class Concurrency(RedisFixture redis) : ConcurrencyConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class BorrowFrames(RedisFixture redis) : BorrowFramesConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));

    public sealed class Archive(RedisFixture redis) : ArchiveConformance(new CachedHarness(new RedisHarness(redis, partitions: 4)));
}
