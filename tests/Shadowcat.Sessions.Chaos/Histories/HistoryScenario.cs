using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>Servers of its own and a way to break them, under clients whose histories are judged.</summary>
internal abstract class HistoryScenario : IAsyncDisposable
{
    private readonly List<HistoryOperation> _servers = [];
    private int _busy;

    public abstract string Name { get; }

    /// <summary>What clients do.</summary>
    public virtual HistoryMix Mix { get; } = new();

    /// <summary>How far the server's clock is off.</summary>
    public ServerTime Time { get; } = new();

    /// <summary>Why it cannot be run here; null where it can.</summary>
    public virtual string? Hindrance => null;

    /// <summary>Whether the keys of a session go at the same moment.</summary>
    public virtual bool KeysEndTogether => true;

    /// <summary>How long everything is left in peace between two disturbances.</summary>
    public virtual TimeSpan Rest => TimeSpan.FromMilliseconds(500);

    /// <summary>Whether something happens to the server that is noted only when it is over; what is done meanwhile cannot be judged yet.</summary>
    public bool IsBusy => Volatile.Read(ref _busy) > 0;

    /// <summary>Snapshots and what was lost behind them, from a moment on.</summary>
    public IReadOnlyList<HistoryOperation> ServersSince(TimeSpan moment)
    {
        lock (_servers)
        {
            return _servers.FindAll(operation => operation.Ended > moment);
        }
    }

    public abstract Task StartAsync();

    /// <summary>The network of a store of its own, as its configuration says it.</summary>
    public abstract string NewNetwork();

    /// <summary>Where the server itself is, behind every network.</summary>
    public abstract string Direct { get; }

    /// <summary>Breaks something, and mends it.</summary>
    public abstract Task DisturbAsync(Random random);

    /// <summary>What makes everything work again that did not by itself; called where a store got no answer for too long.</summary>
    public virtual Task HealAsync() => Task.CompletedTask;

    public abstract ValueTask DisposeAsync();

    /// <summary>Does something to the server that histories have to know of.</summary>
    private protected async Task BusyAsync(Func<Task> work)
    {
        Interlocked.Increment(ref _busy);
        try
        {
            await work();
        }
        finally
        {
            Interlocked.Decrement(ref _busy);
        }
    }

    /// <summary>Notes what the server did.</summary>
    private protected Task NoteAsync(HistoryCall call, Func<Task> work) => BusyAsync(async () =>
    {
        var begun = Clock.Now;
        await work();
        lock (_servers)
        {
            _servers.Add(new HistoryOperation { Client = -1, Store = "server", Call = call, Begun = begun, Ended = Clock.Now, Reply = HistoryReply.Done });
        }
    });

    private protected static Task PauseAsync(Random random, int fromMilliseconds, int toMilliseconds) => Task.Delay(random.Next(fromMilliseconds, toMilliseconds));

    /// <summary>Does something to the one network or the other: loses a reply, cuts it, or holds everything back.</summary>
    private protected static async Task DisturbAsync(IReadOnlyList<LossyProxy> networks, Random random)
    {
        var network = networks[random.Next(networks.Count)];
        switch (random.Next(4))
        {
            case 0:
                await LoseReplyAsync(network);
                return;
            case 1:
                // The answer is lost, and nothing can be repeated before others have gone on.
                await LoseReplyAsync(network, thenCut: true);
                await PauseAsync(random, 50, 1500);
                break;
            case 2:
                network.Cut();
                await PauseAsync(random, 50, 2500);
                break;
            default:
                network.Stall();
                await PauseAsync(random, 50, 2500);
                break;
        }

        network.Mend();
    }

    /// <summary>Loses a reply, and waits until it is lost.</summary>
    private protected static async Task LoseReplyAsync(LossyProxy network, bool thenCut = false)
    {
        var lost = network.Lost;
        network.LoseNextReply(thenCut);
        await Poll.UntilAsync(() => Task.FromResult(network.Lost > lost), "a reply is lost", TimeSpan.FromSeconds(30));
    }
}
