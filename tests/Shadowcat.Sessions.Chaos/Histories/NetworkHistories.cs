using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>Every store has a network of its own: replies are lost, connections cut, everything is held back and comes late, while the others go on. Now and then the server is killed and started again.</summary>
internal sealed class NetworkHistories : HistoryScenario
{
    private const int AtATime = 4;

    private readonly List<LossyProxy> _networks = [];
    private RedisProcess? _server;

    public override string Name => "histories";

    public override string Direct => _server!.Endpoint;

    public override async Task StartAsync() => _server = await RedisProcess.LaunchAsync("--appendonly", "yes", "--appendfsync", "always");

    public override string NewNetwork()
    {
        _networks.Add(new LossyProxy(Direct));
        return _networks[^1].Configuration;
    }

    public override async Task DisturbAsync(Random random)
    {
        if (random.Next(8) > 0)
        {
            await Task.WhenAll(Enumerable.Range(0, AtATime).Select(share => DisturbAsync([.. _networks.Where((_, place) => place % AtATime == share)], random)));
            return;
        }

        await _server!.KillAsync();
        await PauseAsync(random, 0, 1000);
        await _server.StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        _networks.ForEach(network => network.Dispose());
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
