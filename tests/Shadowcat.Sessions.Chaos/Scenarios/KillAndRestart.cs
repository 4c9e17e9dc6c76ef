namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>The server is killed and started again.</summary>
internal sealed class KillAndRestart : OneServer
{
    public override string Name => "kill-restart";

    // A server that ends closes its connections, which a proxy in between would hide.
    public override string Configuration => Server.Endpoint;

    public override async Task DisturbAsync(Disturbance disturbance, Random random)
    {
        await Server.KillAsync();
        await PauseAsync(random, 0, 1500);
        await Server.StartAsync();
        disturbance.Return();
    }
}
