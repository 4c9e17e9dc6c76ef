namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>A replica takes over from its primary by order, as for maintenance: nothing may be lost.</summary>
internal sealed class ClusterSwitch : OneCluster
{
    public override string Name => "cluster-switch";

    public override TimeSpan Rest => TimeSpan.FromMilliseconds(500);

    public override async Task DisturbAsync(Disturbance disturbance, Random random)
    {
        var replicas = (await Cluster.ViewAsync()).Where(node => node.PrimaryId is not null).ToList();
        var replica = replicas[random.Next(replicas.Count)];
        var primary = (await Cluster.ViewAsync()).First(node => node.Id == replica.PrimaryId);
        disturbance.Begin(ServedBy(primary));
        await Cluster.FailOverAsync(replica);
        disturbance.Return();
    }

    public override Task RestoreAsync() => Cluster.WaitUntilWholeAsync();
}
