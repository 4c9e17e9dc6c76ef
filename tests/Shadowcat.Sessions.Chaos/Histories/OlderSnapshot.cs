using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>The server is killed and comes back with an older snapshot, so that a tail of what it acknowledged is lost: nobody who knew of it may be shown other frames in its place without a word.</summary>
internal sealed class OlderSnapshot : HistoryScenario
{
    private readonly List<LossyProxy> _networks = [];
    private RedisProcess? _server;

    public override string Name => "older-snapshot";

    public override string Direct => _server!.Endpoint;

    /// <summary>One life for each id, so that a sequence stands for one frame for good.</summary>
    public override HistoryMix Mix { get; } = new()
    {
        Weights = new Dictionary<HistoryCall, int>
        {
            [HistoryCall.Get] = 8,
            [HistoryCall.Update] = 12,
            [HistoryCall.Touch] = 2,
            [HistoryCall.Append] = 40,
            [HistoryCall.Read] = 12,
            [HistoryCall.Count] = 4,
        },
        MortalOfFour = 0,
        HasCaps = false,
        TellsLoss = true,
        Length = TimeSpan.FromSeconds(6),
    };

    public override async Task StartAsync() => _server = await RedisProcess.LaunchAsync();

    public override string NewNetwork()
    {
        _networks.Add(new LossyProxy(Direct));
        return _networks[^1].Configuration;
    }

    public override async Task DisturbAsync(Random random)
    {
        // Nothing else saves: what SAVE wrote is what the server finds when it is started again.
        await NoteAsync(HistoryCall.Save, () => _server!.CommandAsync("SAVE"));
        await PauseAsync(random, 50, 1500);
        if (random.Next(2) == 0)
        {
            await LoseReplyAsync(_networks[random.Next(_networks.Count)], thenCut: true);
        }

        await NoteAsync(HistoryCall.Restore, async () =>
        {
            await _server!.KillAsync();
            await PauseAsync(random, 0, 500);
            await _server.StartAsync();
        });
        await PauseAsync(random, 0, 300);
        _networks.ForEach(network => network.Mend());
        await PauseAsync(random, 500, 1500);
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
