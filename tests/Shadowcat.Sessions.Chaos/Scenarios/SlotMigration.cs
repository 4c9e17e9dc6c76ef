namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>A slot moves to another primary, key by key, while its sessions are written to.</summary>
internal sealed class SlotMigration : OneCluster
{
    public override string Name => "slot-migration";

    public override async Task DisturbAsync(Disturbance disturbance, Random random)
    {
        var slot = SlotOf(disturbance.Sessions[random.Next(disturbance.Sessions.Count)]);
        var source = await Cluster.PrimaryOfAsync(slot);
        var targets = (await Cluster.ViewAsync()).Where(node => node.IsPrimary && node.Id != source.Id).ToList();
        disturbance.Begin(id => SlotOf(id) == slot);
        await Cluster.MigrateAsync(slot, targets[random.Next(targets.Count)]);
        disturbance.Return();
    }
}
