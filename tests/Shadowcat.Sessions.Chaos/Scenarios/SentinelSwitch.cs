namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>The sentinels replace a primary that is well. It goes on acknowledging until it is told, and loses that: the server's bound, not the store's.</summary>
internal sealed class SentinelSwitch : OneSentinel
{
    public override string Name => "sentinel-switch";

    public override bool LosesNewest => true;

    public override async Task DisturbAsync(Disturbance disturbance, Random random)
    {
        var former = await Sentinel.PrimaryAsync();
        await Sentinel.OrderFailoverAsync();
        await Sentinel.WaitUntilReplacedAsync(former);
        disturbance.Return();
    }

    public override Task RestoreAsync() => Sentinel.WaitUntilWholeAsync();
}
