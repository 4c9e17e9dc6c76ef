namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>A write is carried out, and its reply is lost with the connection.</summary>
internal sealed class LostReplies : OneServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public override string Name => "lost-replies";

    public override TimeSpan Rest => TimeSpan.FromMilliseconds(20);

    public override async Task DisturbAsync(Disturbance disturbance, Random random)
    {
        var lost = Network.Lost;
        Network.LoseNextReply();
        await Servers.Poll.UntilAsync(() => Task.FromResult(Network.Lost > lost), "a reply is lost", Patience);
        disturbance.Return();
    }
}
