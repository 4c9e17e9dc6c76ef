using Shadowcat.Sessions.Chaos.Checking;

namespace Shadowcat.Sessions.Chaos.Workload;

/// <summary>Appends through a buffer: waits for each append, or goes on when it is accepted and looks later what became of it. None may fail.</summary>
internal sealed class BufferedWriter(int number, BufferedSessionStore store, bool accepts, Ledger ledger, Calls calls, Findings findings, Random random)
{
    private const int SessionsEach = 3;
    private const int LargestBatch = 20;

    /// <summary>How many calls it does not wait for at most.</summary>
    private const int Ahead = 2000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Queue<(int Session, int First, Task<long> Stored)> _accepted = new();

    public async Task RunAsync(Action<int, bool> note, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var session = (number + random.Next(SessionsEach)) % ledger.Sessions.Count;
            var count = random.Next(8) == 0 ? random.Next(2, LargestBatch) : 1;
            var first = ledger.Begin(number, session, count);
            var id = ledger.Sessions[session];
            var frames = Enumerable.Range(first, count).Select(frame => Frame(id, frame)).ToList();
            _accepted.Enqueue((session, first, accepts ? store.AcceptFrames(id, frames).Stored : store.AddFramesAsync(id, frames, CancellationToken.None).AsTask()));

            // As fast as nobody is: what is not waited for comes at its own pace.
            await Task.Delay(accepts ? Pause : TimeSpan.Zero, CancellationToken.None);
            await TakeAsync(note, leave: accepts ? Ahead : 0);
        }

        await TakeAsync(note, leave: 0);
    }

    /// <summary>Notes what is known by now, and waits until no more than so many are left.</summary>
    private async Task TakeAsync(Action<int, bool> note, int leave)
    {
        while (_accepted.TryPeek(out var oldest) && (oldest.Stored.IsCompleted || _accepted.Count > leave))
        {
            var result = await calls.RunAsync("buffered append", () => oldest.Stored, isOneOperation: false);
            ledger.End(number, oldest.First, result.Outcome, result.Value);
            note(oldest.Session, result.IsDone);
            _accepted.Dequeue();
            if (!result.IsDone)
            {
                findings.Add(Breach.Lost, $"frame {oldest.First} of writer {number} was given up: {result.Error?.Message}");
            }
        }
    }

    private MessageEnvelope Frame(SessionId id, int frame) =>
        new(id, MessageDirection.ClientToServer, TransportType.StreamableHttp, Payload.Of(number, frame), DateTimeOffset.UtcNow);
}
