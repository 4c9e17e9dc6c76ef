namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>The server closes every connection.</summary>
internal sealed class ClientKill : OneServer
{
    public override string Name => "client-kill";

    public override string Configuration => Server.Endpoint;

    public override TimeSpan Rest => TimeSpan.FromMilliseconds(50);

    public override async Task DisturbAsync(Disturbance disturbance, Random random)
    {
        await Server.CommandAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        disturbance.Return();
    }
}
