namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>The network is torn, so that connections break and none can be made, or it is silent, so that nothing comes through and nobody notices.</summary>
internal sealed class CutNetwork : OneServer
{
    public override string Name => "cut-network";

    public override async Task DisturbAsync(Disturbance disturbance, Random random)
    {
        if (random.Next(2) == 0)
        {
            Network.Cut();
        }
        else
        {
            Network.Stall();
        }

        await PauseAsync(random, 50, 3500);
        Network.Mend();
        disturbance.Return();
    }
}
