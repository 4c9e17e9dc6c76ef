using Shadowcat.Sessions.Chaos.Checking;

namespace Shadowcat.Sessions.Chaos.Workload;

/// <summary>Reads sessions and the ends of their frames, and looks whether what was acknowledged before is there.</summary>
internal sealed class Reader(ISessionStore store, Ledger ledger, Calls calls, Findings findings, bool losesNewest, Random random)
{
    private const int Window = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public async Task RunAsync(Action<int, bool> note, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var session = random.Next(ledger.Sessions.Count);
            note(session, await ReadSessionAsync(session));
            await ReadFramesAsync(session);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task<bool> ReadSessionAsync(int session)
    {
        var known = ledger.Acknowledged(session);
        var result = await calls.RunAsync("GetSession", () => store.GetSessionAsync(ledger.Sessions[session]).AsTask());
        if (result.IsDone && !losesNewest && (result.Value?.FrameCount ?? -1) < known)
        {
            findings.Add(Breach.Lost, $"a session was read with {result.Value?.FrameCount.ToString() ?? "no"} frames when {known} had been acknowledged.");
        }

        return result.IsDone;
    }

    private async Task ReadFramesAsync(int session)
    {
        var id = ledger.Sessions[session];
        var known = ledger.Acknowledged(session);
        var range = random.Next(2) == 0 ? FrameRange.Last(Window) : FrameRange.From(Math.Max(0, known - Window));
        var result = await calls.RunAsync("GetFrames", async () => await store.GetFramesAsync(id, range).ToListAsync(), isOneOperation: false);
        if (!result.IsDone)
        {
            return;
        }

        var frames = result.Value!;
        if (!losesNewest && (frames.Count > 0 ? frames[^1].Sequence + 1 : 0) < known)
        {
            findings.Add(Breach.Lost, $"reading ended at frame {(frames.Count > 0 ? frames[^1].Sequence : -1)} when {known} had been acknowledged.");
        }

        for (var i = 0; i < frames.Count; i++)
        {
            if (frames[i].Sequence != frames[0].Sequence + i)
            {
                findings.Add(Breach.Misplaced, $"frame {frames[i].Sequence} was read at place {frames[0].Sequence + i}.");
            }

            if (!Payload.TryRead(frames[i].Payload.Span, out _, out _))
            {
                findings.Add(Breach.Changed, $"frame {frames[i].Sequence} was read with a payload that nobody wrote.");
            }
        }
    }
}
