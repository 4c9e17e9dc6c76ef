namespace Shadowcat.Sessions.Chaos.Workload;

/// <summary>Appends to a few sessions, one call after the other, frames one by one and in batches, and now and then does not wait for the answer.</summary>
internal sealed class Writer(int number, ISessionStore store, Ledger ledger, Calls calls, Random random)
{
    private const int SessionsEach = 3;
    private const int LargestBatch = 20;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(10);

    public async Task RunAsync(Action<int, bool> note, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var session = (number + random.Next(SessionsEach)) % ledger.Sessions.Count;
            var count = random.Next(8) == 0 ? random.Next(2, LargestBatch) : 1;
            var result = await AppendAsync(session, count, isImpatient: random.Next(100) == 0);
            if (result.Error is not OperationCanceledException)
            {
                note(session, result.IsDone);
            }

            if (!result.IsDone)
            {
                await Task.Delay(PauseAfterFailure, CancellationToken.None);
            }
        }
    }

    private async Task<CallResult<long>> AppendAsync(int session, int count, bool isImpatient)
    {
        var id = ledger.Sessions[session];
        var first = ledger.Begin(number, session, count);
        using var impatience = new CancellationTokenSource(isImpatient ? TimeSpan.FromMilliseconds(random.Next(1, 5)) : Timeout.InfiniteTimeSpan);
        var result = count == 1
            ? await calls.RunAsync("AddFrame", () => store.AddFrameAsync(Frame(id, first), impatience.Token).AsTask())
            : await calls.RunAsync(
                "AddFrames",
                () => store.AddFramesAsync(id, [.. Enumerable.Range(first, count).Select(frame => Frame(id, frame))], impatience.Token).AsTask());
        ledger.End(number, first, result.Outcome, result.Value);
        return result;
    }

    private MessageEnvelope Frame(SessionId id, int frame) =>
        new(id, MessageDirection.ClientToServer, TransportType.StreamableHttp, Payload.Of(number, frame), DateTimeOffset.UtcNow);
}
