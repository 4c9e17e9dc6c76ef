namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>The server is killed and started again, or stands still, while writers write through a buffer: nobody is failed, and nothing that was accepted is lost.</summary>
internal sealed class BufferedOutage : OneServer
{
    public override string Name => "buffered-outage";

    public override string Configuration => Server.Endpoint;

    public override bool IsBuffered => true;

    public override async Task DisturbAsync(Disturbance disturbance, Random random)
    {
        if (random.Next(2) == 0)
        {
            await Server.KillAsync();
            await PauseAsync(random, 0, 3000);
            await Server.StartAsync();
        }
        else
        {
            await Server.PauseAsync();
            await PauseAsync(random, 100, 5000);
            await Server.ContinueAsync();
        }

        disturbance.Return();
    }
}
