using Shadowcat.Sessions.Chaos.Checking;
using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>Several clients work on one session id, by a store each, for some seconds; then on the next one.</summary>
internal sealed class HistorySlot(int number, HistoryScenario scenario, HistoryGroup group, HistoryJudge judge, HistoryTotals totals, Findings findings, Random random)
{
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(20);

    private int _count;

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var history = new History(SessionId.New(), $"session {number}/{++_count}");
            using (var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping))
            {
                ending.CancelAfter(scenario.Mix.Length);
                await Task.WhenAll(group.Stores.Select((store, client) => Task.Run(
                    () => new HistoryClient(client, store, history, scenario.Mix, findings, NewRandom()).RunAsync(ending.Token), CancellationToken.None)));
            }

            // Where the server's own doings are about to be noted, they are part of the history.
            await new HistoryClient(group.Stores.Count, group.Stores[_count % group.Stores.Count], history, scenario.Mix, findings, NewRandom()).LookAsync(Clock.Now + LongestLook);
            await Poll.UntilAsync(() => Task.FromResult(!scenario.IsBusy), "the server is left in peace", LongestLook);
            judge.Add(history, group.Model, scenario.ServersSince(history.Begun));
            totals.Add(history.Operations());
            await LeaveAsync(history.Id);
        }
    }

    private async Task LeaveAsync(SessionId id)
    {
        try
        {
            await group.Stores[0].Store.DeleteSessionAsync(id);
        }
        catch (SessionStoreException)
        {
            // Nobody looks at it any more; what it leaves ends with its lifetime.
        }
    }

    private Random NewRandom() => new(random.Next());
}
