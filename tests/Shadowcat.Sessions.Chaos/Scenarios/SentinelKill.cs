using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>The primary is killed and the sentinels make the replica the primary. What it had not got yet is lost: that is the server's bound, not the store's.</summary>
internal sealed class SentinelKill : OneSentinel
{
    private RedisProcess? _killed;

    public override string Name => "sentinel-kill";

    public override bool LosesNewest => true;

    public override async Task DisturbAsync(Disturbance disturbance, Random random)
    {
        _killed = await Sentinel.PrimaryAsync();
        await _killed.KillAsync();
        await Sentinel.WaitUntilReplacedAsync(_killed);
        disturbance.Return();
    }

    public override async Task RestoreAsync()
    {
        await Sentinel.WaitUntilForgottenAsync(_killed!);
        await _killed!.StartAsync();
        await Sentinel.WaitUntilWholeAsync();
    }
}
