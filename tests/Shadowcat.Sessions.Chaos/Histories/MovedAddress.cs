using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>One address, as managed services have it: the primary is demoted and stays open, its replica is promoted, and the address leads to that for whoever connects from then on.</summary>
internal sealed class MovedAddress : HistoryScenario
{
    private readonly List<MovableRelay> _relays = [];
    private readonly RedisProcess?[] _servers = new RedisProcess?[2];
    private int _primary;

    public override string Name => "moved-address";

    public override string Direct => Primary.Endpoint;

    public override TimeSpan Rest => TimeSpan.FromSeconds(2);

    private RedisProcess Primary => _servers[_primary]!;

    private RedisProcess Replica => _servers[1 - _primary]!;

    public override async Task StartAsync()
    {
        _servers[0] = await RedisProcess.LaunchAsync("--repl-diskless-sync-delay", "0");
        _servers[1] = await RedisProcess.LaunchAsync("--repl-diskless-sync-delay", "0", "--replicaof", $"127.0.0.1 {Primary.Port}");
        await Primary.WaitUntilReplicatedAsync(1);
    }

    public override string NewNetwork()
    {
        _relays.Add(new MovableRelay(Direct));
        return _relays[^1].Configuration;
    }

    public override async Task DisturbAsync(Random random)
    {
        // The primary holds writes back until its replica has everything, and hands over: nothing that was acknowledged is lost.
        var (former, next) = (Primary, Replica);
        await former.CommandAsync("FAILOVER", "TO", "127.0.0.1", $"{next.Port}", "TIMEOUT", "10000");
        await Poll.UntilAsync(async () => (await former.CommandAsync("ROLE")).StartsWith("slave", StringComparison.Ordinal), "the former primary is demoted");
        await Poll.UntilAsync(async () => (await next.CommandAsync("ROLE")).StartsWith("master", StringComparison.Ordinal), "the replica is promoted");
        _primary = 1 - _primary;
        _relays.ForEach(relay => relay.MoveTo(Direct));
    }

    public override Task HealAsync()
    {
        _relays.ForEach(relay => relay.CutAll());
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        _relays.ForEach(relay => relay.Dispose());
        foreach (var server in _servers.OfType<RedisProcess>())
        {
            await server.DisposeAsync();
        }
    }
}
