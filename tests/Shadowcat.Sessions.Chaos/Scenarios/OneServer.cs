using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>A scenario on one server, with its append-only file synced before it acknowledges, and a network of its own in front of it.</summary>
internal abstract class OneServer : Scenario
{
    private RedisProcess? _server;
    private LossyProxy? _network;

    public override string Configuration => Network.Configuration;

    protected RedisProcess Server => _server!;

    protected LossyProxy Network => _network!;

    public override Task<string> FindAsync() => Task.FromResult(Server.Endpoint);

    public override async Task StartAsync()
    {
        _server = await RedisProcess.LaunchAsync(Durable);
        _network = new LossyProxy(_server.Endpoint);
    }

    public override async ValueTask DisposeAsync()
    {
        _network?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
