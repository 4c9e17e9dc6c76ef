namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>The server forgets the scripts it was given.</summary>
internal sealed class ScriptFlush : OneServer
{
    public override string Name => "script-flush";

    public override string Configuration => Server.Endpoint;

    public override TimeSpan Rest => TimeSpan.FromMilliseconds(10);

    public override async Task DisturbAsync(Disturbance disturbance, Random random)
    {
        await Server.CommandAsync("SCRIPT", "FLUSH");
        disturbance.Return();
    }
}
