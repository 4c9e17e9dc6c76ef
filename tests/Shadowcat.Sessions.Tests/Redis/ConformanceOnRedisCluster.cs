using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>The suites against <see cref="RedisSessionStore"/> on a cluster, with the 256 partitions it chooses there by itself.</summary>
[StoreUnderTest(typeof(RedisSessionStore), StoreStacks.RedisCluster)]
public static class ConformanceOnRedisCluster
{
    public sealed class Lifecycle(ClusterFixture cluster) : LifecycleConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class CreateSession(ClusterFixture cluster) : CreateSessionConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class ReadSession(ClusterFixture cluster) : ReadSessionConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class UpdateSession(ClusterFixture cluster) : UpdateSessionConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class DeleteSession(ClusterFixture cluster) : DeleteSessionConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class ListSessions(ClusterFixture cluster) : ListSessionsConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class ListOrder(ClusterFixture cluster) : ListOrderConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class FilterSessions(ClusterFixture cluster) : FilterSessionsConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class CountSessions(ClusterFixture cluster) : CountSessionsConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class AppendFrames(ClusterFixture cluster) : AppendFramesConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class ReadFrames(ClusterFixture cluster) : ReadFramesConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class BorrowFrames(ClusterFixture cluster) : BorrowFramesConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class FollowFrames(ClusterFixture cluster) : FollowFramesConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class Archive(ClusterFixture cluster) : ArchiveConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class TrimFrames(ClusterFixture cluster) : TrimFramesConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class RepeatableAppends(ClusterFixture cluster) : RepeatableAppendsConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class Expiry(ClusterFixture cluster) : ExpiryConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class Argument(ClusterFixture cluster) : ArgumentConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class Cancellation(ClusterFixture cluster) : CancellationConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class Disposal(ClusterFixture cluster) : DisposalConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));

    public sealed class Concurrency(ClusterFixture cluster) : ConcurrencyConformance(new RedisHarness(cluster.ConfigureAsync, partitions: null));
}
