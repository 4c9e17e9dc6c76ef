using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Protection;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>The suites against a <see cref="BufferedSessionStore"/> around a <see cref="ProtectedSessionStore"/> around a <see cref="RedisSessionStore"/>.</summary>
[StoreUnderTest(typeof(BufferedSessionStore), StoreStacks.EncryptedBufferedOnRedis)]
public static class ConformanceEncryptedBufferedOnRedis
{
    public sealed class Lifecycle(RedisFixture redis) : LifecycleConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class CreateSession(RedisFixture redis) : CreateSessionConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class ReadSession(RedisFixture redis) : ReadSessionConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class UpdateSession(RedisFixture redis) : UpdateSessionConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class DeleteSession(RedisFixture redis) : DeleteSessionConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class ListSessions(RedisFixture redis) : ListSessionsConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class ListOrder(RedisFixture redis) : ListOrderConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class FilterSessions(RedisFixture redis) : FilterSessionsConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class CountSessions(RedisFixture redis) : CountSessionsConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class AppendFrames(RedisFixture redis) : AppendFramesConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class ReadFrames(RedisFixture redis) : ReadFramesConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class FollowFrames(RedisFixture redis) : FollowFramesConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class TrimFrames(RedisFixture redis) : TrimFramesConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class Expiry(RedisFixture redis) : ExpiryConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class Argument(RedisFixture redis) : ArgumentConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class Cancellation(RedisFixture redis) : CancellationConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class Disposal(RedisFixture redis) : DisposalConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class Concurrency(RedisFixture redis) : ConcurrencyConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class BorrowFrames(RedisFixture redis) : BorrowFramesConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));

    public sealed class Archive(RedisFixture redis) : ArchiveConformance(new BufferedHarness(new ProtectedHarness(new RedisHarness(redis, partitions: 4))));
}
