using Shadowcat.Sessions.Chaos.Checking;
using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>A scenario on a primary with a replica that three sentinels watch.</summary>
internal abstract class OneSentinel : Scenario
{
    private RedisSentinel? _sentinel;
    private SentinelFailovers? _failovers;

    public override string Configuration => Sentinel.Configuration;

    public override IReadOnlyCollection<Failover> Failovers => _failovers!.Ended;

    public override IReadOnlyCollection<string> Events => _failovers!.Events;

    protected RedisSentinel Sentinel => _sentinel!;

    public override async Task<string> FindAsync() => (await Sentinel.PrimaryAsync()).Endpoint;

    public override async Task StartAsync()
    {
        _sentinel = await RedisSentinel.StartAsync(Durable);
        _failovers = await SentinelFailovers.SubscribeAsync(_sentinel);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_failovers is not null)
        {
            await _failovers.DisposeAsync();
        }

        if (_sentinel is not null)
        {
            await _sentinel.DisposeAsync();
        }
    }
}
