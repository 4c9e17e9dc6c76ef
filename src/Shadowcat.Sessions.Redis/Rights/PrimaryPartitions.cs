using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Finds one partition of each primary, as the cluster describes itself; where there is no cluster, one partition.</summary>
internal static class PrimaryPartitions
{
    public static List<RedisPartition> OneOfEach(RedisLayout layout, IConnectionMultiplexer connection)
    {
        var cluster = Array.Find(connection.GetServers(), static server => server is { IsConnected: true, ServerType: ServerType.Cluster })?.ClusterConfiguration;
        return [.. layout.Partitions.DistinctBy(partition => cluster?.GetBySlot(connection.HashSlot(partition.Probe))?.EndPoint)];
    }
}
