namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>The sentinels replace a primary that is well. It goes on acknowledging until it learns of that, so the store has to have left it; what the replica had not got by then is lost.</summary>
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
