using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Calls that are sent in batches: each is answered for itself, an idle queue sends at once, and a batch leaves the other worker its share.</summary>
public sealed class BatchedCallsTests
{
    private readonly ConcurrentQueue<(int[] Calls, TaskCompletionSource<int[]> Answer)> _sent = new();

    [Fact]
    public async Task Call_WhereNothingIsUnderWay_IsSentAtOnceAndAlone()
    {
        var calls = new BatchedCalls<int, int>(most: 64, SendAsync);

        var first = calls.RunAsync(1);
        Assert.Equal([1], Assert.Single(_sent).Calls);
        await AnswerNextAsync();

        Assert.Equal(10, await first);
    }

    [Fact]
    public async Task Calls_WhileBothWorkersAreBusy_WaitAndAreSentTogether()
    {
        var calls = new BatchedCalls<int, int>(most: 64, SendAsync);
        var busy = await TwoBusyAsync(calls);
        Task<int>[] waiting = [.. Enumerable.Range(3, 8).Select(calls.RunAsync)];

        Assert.Empty(_sent);
        busy[0].SetResult([10]);
        var batch = await NextAsync();

        // Eight are not worth two batches.
        Assert.Equal(Enumerable.Range(3, 8), batch.Calls);
        batch.Answer.SetResult(Answers(batch.Calls));
        busy[1].SetResult([20]);
        Assert.Equal(Enumerable.Range(3, 8).Select(static call => call * 10), await Task.WhenAll(waiting));
    }

    [Fact]
    public async Task Batch_OfMany_LeavesTheOtherWorkerItsShareAndKeepsItsBound()
    {
        var calls = new BatchedCalls<int, int>(most: 16, SendAsync);
        var busy = await TwoBusyAsync(calls);
        Task<int>[] waiting = [.. Enumerable.Range(0, 40).Select(calls.RunAsync)];

        busy[0].SetResult([10]);
        var bounded = await NextAsync();
        Assert.Equal(16, bounded.Calls.Length);
        busy[1].SetResult([20]);
        var shared = await NextAsync();

        // 24 wait and 16 are under way.
        Assert.Equal(16, shared.Calls.Length);
        bounded.Answer.SetResult(Answers(bounded.Calls));
        var last = await NextAsync();
        Assert.Equal(8, last.Calls.Length);
        shared.Answer.SetResult(Answers(shared.Calls));
        last.Answer.SetResult(Answers(last.Calls));
        Assert.Equal(Enumerable.Range(0, 40).Select(static call => call * 10), await Task.WhenAll(waiting));
    }

    [Fact]
    public async Task Failure_OfABatch_IsThatOfEachOfItsCalls_AndTheNextIsSent()
    {
        var calls = new BatchedCalls<int, int>(most: 64, SendAsync);
        var busy = await TwoBusyAsync(calls);
        Task<int>[] waiting = [calls.RunAsync(3), calls.RunAsync(4)];
        busy[0].SetResult([10]);
        busy[1].SetResult([20]);

        (await NextAsync()).Answer.SetException(new InvalidOperationException("broken"));
        foreach (var call in waiting)
        {
            Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidOperationException>(() => call)).Message);
        }

        var next = calls.RunAsync(5);
        await AnswerNextAsync();
        Assert.Equal(50, await next);
    }

    [Fact]
    public async Task Reply_WithFewerAnswersThanCalls_IsTheFailureOfEachOfThem_AndTheNextIsSent()
    {
        var calls = new BatchedCalls<int, int>(most: 64, SendAsync);
        var busy = await TwoBusyAsync(calls);
        Task<int>[] waiting = [calls.RunAsync(3), calls.RunAsync(4)];
        busy[0].SetResult([10]);
        busy[1].SetResult([20]);

        (await NextAsync()).Answer.SetResult([30]);
        foreach (var call in waiting)
        {
            await Assert.ThrowsAsync<FormatException>(() => call.WaitAsync(Poll.DefaultDeadline, TestContext.Current.CancellationToken));
        }

        var next = calls.RunAsync(5);
        await AnswerNextAsync();
        Assert.Equal(50, await next);
    }

    [Fact]
    public async Task Calls_OfManyCallersAtOnce_AreAnsweredEachForItself_AndNoneIsLeftWaiting()
    {
        const int Callers = 16;
        const int Rounds = 2_000;
        var asked = new ConcurrentBag<int>();
        var calls = new BatchedCalls<int, int>(most: 5, async batch =>
        {
            if (batch[0] % 3 == 0)
            {
                await Task.Yield();
            }

            Array.ForEach(batch, asked.Add);
            return Answers(batch);
        });

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            async () =>
            {
                for (var round = 0; round < Rounds; round++)
                {
                    var call = (caller * Rounds) + round;
                    Assert.Equal(call * 10, await calls.RunAsync(call));
                }
            },
            TestContext.Current.CancellationToken)));

        Assert.Equal(Enumerable.Range(0, Callers * Rounds), asked.Order());
    }

    private static int[] Answers(int[] calls) => Array.ConvertAll(calls, static call => call * 10);

    private Task<int[]> SendAsync(int[] calls)
    {
        var answer = new TaskCompletionSource<int[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _sent.Enqueue((calls, answer));
        return answer.Task;
    }

    /// <summary>Two calls under way, one for each worker.</summary>
    private async Task<TaskCompletionSource<int[]>[]> TwoBusyAsync(BatchedCalls<int, int> calls)
    {
        _ = calls.RunAsync(1);
        var first = await NextAsync();
        _ = calls.RunAsync(2);
        return [first.Answer, (await NextAsync()).Answer];
    }

    private async Task<(int[] Calls, TaskCompletionSource<int[]> Answer)> NextAsync()
    {
        (int[] Calls, TaskCompletionSource<int[]> Answer) sent = default;
        await Poll.UntilAsync(() => Task.FromResult(_sent.TryDequeue(out sent)), "a batch is sent");
        return sent;
    }

    private async Task AnswerNextAsync()
    {
        var batch = await NextAsync();
        batch.Answer.SetResult(Answers(batch.Calls));
    }
}
