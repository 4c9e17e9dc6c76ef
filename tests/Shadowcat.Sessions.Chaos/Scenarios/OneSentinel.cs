using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>A scenario on a primary with a replica that three sentinels watch.</summary>
internal abstract class OneSentinel : Scenario
{
    private RedisSentinel? _sentinel;

    public override string Configuration => Sentinel.Configuration;

    protected RedisSentinel Sentinel => _sentinel!;

    public override async Task<string> FindAsync() => (await Sentinel.PrimaryAsync()).Endpoint;

    public override async Task StartAsync() => _sentinel = await RedisSentinel.StartAsync(Durable);

    public override ValueTask DisposeAsync() => _sentinel?.DisposeAsync() ?? ValueTask.CompletedTask;
}
