using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>A primary is killed and its replica takes over. What the replica had not got yet is lost: that is the server's bound, not the store's.</summary>
internal sealed class ClusterKill : OneCluster
{
    private ClusterNode? _killed;

    public override string Name => "cluster-kill";

    public override bool LosesNewest => true;

    public override async Task DisturbAsync(Disturbance disturbance, Random random)
    {
        var primaries = (await Cluster.ViewAsync()).Where(node => node.IsPrimary).ToList();
        _killed = primaries[random.Next(primaries.Count)];
        disturbance.Begin(ServedBy(_killed));
        await _killed.Process.KillAsync();
        await Cluster.WaitUntilReplacedAsync(_killed);
        disturbance.Return();
    }

    public override async Task RestoreAsync()
    {
        await _killed!.Process.StartAsync();
        await Cluster.WaitUntilWholeAsync();
    }
}
