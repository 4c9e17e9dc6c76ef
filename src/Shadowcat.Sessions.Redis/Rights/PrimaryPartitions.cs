using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Finds a partition of each primary that has any, as far as the cluster says who has which; one, where it is no cluster.</summary>
internal static class PrimaryPartitions
{
    public static List<RedisPartition> OneOfEach(RedisLayout layout, IConnectionMultiplexer connection)
    {
        var cluster = Array.Find(connection.GetServers(), static server => server is { IsConnected: true, ServerType: ServerType.Cluster })?.ClusterConfiguration;
        return [.. layout.Partitions.DistinctBy(partition => cluster?.GetBySlot(connection.HashSlot(partition.Probe))?.EndPoint)];
    }
}
