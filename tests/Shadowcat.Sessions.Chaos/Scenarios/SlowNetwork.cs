namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>Everything takes long, and how long changes; nothing breaks.</summary>
internal sealed class SlowNetwork : OneServer
{
    public override string Name => "slow-network";

    public override async Task DisturbAsync(Disturbance disturbance, Random random)
    {
        for (var change = 0; change < 5; change++)
        {
            Network.Latency = TimeSpan.FromMilliseconds(random.Next(1, 250));
            await PauseAsync(random, 50, 500);
        }

        Network.Latency = TimeSpan.Zero;
        disturbance.Return();
    }
}
