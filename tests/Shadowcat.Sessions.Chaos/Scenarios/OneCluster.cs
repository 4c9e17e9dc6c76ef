using Shadowcat.Sessions.Redis;
using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>A scenario on a cluster of three primaries with a replica each.</summary>
internal abstract class OneCluster : Scenario
{
    private readonly RedisLayout _layout = new(ScenarioRun.Prefix, PartitionTags.Choose(ScenarioRun.Prefix, LayoutAgreement.DefaultPartitionsOnCluster));
    private RedisCluster? _cluster;

    public override string Configuration => Cluster.Configuration;

    protected RedisCluster Cluster => _cluster!;

    public override async Task StartAsync() => _cluster = await RedisCluster.StartAsync(Durable);

    public override ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>The slot of a session.</summary>
    protected int SlotOf(SessionId id)
    {
        var key = _layout.PartitionOf(id).Session(id).ToString();
        return PartitionTags.SlotOf(key[1..key.IndexOf('}')]);
    }

    /// <summary>Whether a node serves a session.</summary>
    protected Func<SessionId, bool> ServedBy(ClusterNode node) => id => node.Serves(SlotOf(id));
}
