using Shadowcat.Sessions.Chaos.Checking;

namespace Shadowcat.Sessions.Chaos.Workload;

/// <summary>Lists and counts, and looks whether every session is met once that lives all the while, in the order of creation.</summary>
internal sealed class Lister(ISessionStore store, Ledger ledger, Calls calls, Findings findings, bool losesNewest)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync(CancellationToken stopping)
    {
        var order = SessionOrder.OldestFirst;
        while (!stopping.IsCancellationRequested)
        {
            var filter = new SessionFilter { Order = order };
            var listed = await calls.RunAsync("ListSessions", async () => await store.ListSessionsAsync(filter).ToListAsync(), isOneOperation: false);
            if (listed.IsDone)
            {
                CheckOrder(listed.Value!, order);
                Check([.. listed.Value!.Select(session => session.Id)]);
            }

            order = order == SessionOrder.OldestFirst ? SessionOrder.NewestFirst : SessionOrder.OldestFirst;

            var counted = await calls.RunAsync("CountSessions", () => store.CountSessionsAsync().AsTask());
            if (counted.IsDone && !losesNewest && counted.Value < ledger.Sessions.Count)
            {
                findings.Add(Breach.Session, $"{counted.Value} sessions were counted where {ledger.Sessions.Count} lived.");
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private void CheckOrder(List<Session> listed, SessionOrder order)
    {
        var oldestFirst = listed.OrderBy(session => session.CreatedAt).ThenBy(session => session.Id);
        if (!listed.SequenceEqual(order == SessionOrder.OldestFirst ? oldestFirst : oldestFirst.Reverse(), ReferenceEqualityComparer.Instance))
        {
            findings.Add(Breach.Session, "the sessions were not listed in the order of their creation.");
        }
    }

    private void Check(List<SessionId> listed)
    {
        if (listed.Distinct().Count() != listed.Count)
        {
            findings.Add(Breach.Session, "a session was listed twice.");
        }

        if (!losesNewest && ledger.Sessions.Except(listed).Count() is var missing and > 0)
        {
            findings.Add(Breach.Session, $"{missing} sessions were not listed that lived all the while.");
        }
    }
}
