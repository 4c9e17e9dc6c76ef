using Shadowcat.Sessions.Chaos.Checking;

namespace Shadowcat.Sessions.Chaos.Workload;

/// <summary>Lists and counts, and looks whether every session is met once that lives all the while.</summary>
internal sealed class Lister(ISessionStore store, Ledger ledger, Calls calls, Findings findings, bool losesNewest)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var listed = await calls.RunAsync("ListSessions", async () => await store.ListSessionsAsync().Select(session => session.Id).ToListAsync(), isOneOperation: false);
            if (listed.IsDone)
            {
                Check(listed.Value!);
            }

            var counted = await calls.RunAsync("CountSessions", () => store.CountSessionsAsync().AsTask());
            if (counted.IsDone && !losesNewest && counted.Value < ledger.Sessions.Count)
            {
                findings.Add(Breach.Session, $"{counted.Value} sessions were counted where {ledger.Sessions.Count} lived.");
            }

            await Task.Delay(Pause, CancellationToken.None);
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
