namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>The server stands still, for less or for more time than callers wait, and then carries out what it was sent.</summary>
internal sealed class Freeze : OneServer
{
    public override string Name => "freeze";

    public override string Configuration => Server.Endpoint;

    public override async Task DisturbAsync(Disturbance disturbance, Random random)
    {
        await Server.PauseAsync();
        await PauseAsync(random, 100, 3500);
        await Server.ContinueAsync();
        disturbance.Return();
    }
}
