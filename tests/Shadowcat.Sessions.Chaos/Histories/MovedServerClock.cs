using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>The server's clock goes back by an hour and forth again, and forward by an hour between a write whose reply is lost and its repetition.</summary>
internal sealed class MovedServerClock : HistoryScenario
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private const int Shares = 3;

    private readonly List<LossyProxy> _networks = [];
    private ClockedRedis? _server;

    public override string Name => "server-clock";

    public override string? Hindrance => ClockedRedis.Hindrance;

    public override bool KeysEndTogether => false;

    public override string Direct => _server!.Server.Endpoint;

    /// <summary>Long enough for sessions that are in use to outlive two moves of the clock; mostly in use by what moves no deadline on its own.</summary>
    public override HistoryMix Mix { get; } = new()
    {
        Weights = new Dictionary<HistoryCall, int>
        {
            [HistoryCall.Create] = 4,
            [HistoryCall.Get] = 4,
            [HistoryCall.Update] = 14,
            [HistoryCall.Delete] = 1,
            [HistoryCall.Append] = 50,
            [HistoryCall.Read] = 6,
            [HistoryCall.DeleteFrames] = 4,
        },
        TimeToLive = TimeSpan.FromSeconds(2),
        MortalOfFour = 2,
        Length = TimeSpan.FromSeconds(9),
        MostOperations = 700,
        Pause = TimeSpan.FromMilliseconds(80),
    };

    public override async Task StartAsync() => _server = await ClockedRedis.LaunchAsync();

    public override string NewNetwork()
    {
        _networks.Add(new LossyProxy(Direct));
        return _networks[^1].Configuration;
    }

    public override async Task DisturbAsync(Random random)
    {
        if (random.Next(2) == 0)
        {
            await MoveAsync(-Hour);
            await PauseAsync(random, 500, 3000);
            await MoveAsync(TimeSpan.Zero);
            await PauseAsync(random, 500, 3000);
            return;
        }

        var share = random.Next(Shares);
        List<LossyProxy> networks = [.. _networks.Where((_, place) => place % Shares == share)];
        await Task.WhenAll(networks.Select(network => LoseReplyAsync(network, thenCut: true)));
        await MoveAsync(Hour);
        networks.ForEach(network => network.Mend());
        await PauseAsync(random, 500, 2000);
        await MoveAsync(TimeSpan.Zero);
    }

    public override async ValueTask DisposeAsync()
    {
        _networks.ForEach(network => network.Dispose());
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private Task MoveAsync(TimeSpan offset) => BusyAsync(async () =>
    {
        var begun = Clock.Now;
        await _server!.MoveAsync(offset);
        Time.Move(begun, Clock.Now, offset);
    });
}
