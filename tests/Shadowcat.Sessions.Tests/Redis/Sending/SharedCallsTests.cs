using System.Collections.Concurrent;

namespace Shadowcat.Sessions.Tests.Redis.Sending;

/// <summary>Calls that one script carries out together: each caller gets the answer to its own, and none waits for nothing.</summary>
public sealed class SharedCallsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_Idle_IsSentAtOnceByItself()
    {
        var server = new ScriptedServer();
        var calls = new SharedCalls<int, string>(most: 64, server.AskAsync);

        for (var call = 0; call < 3; call++)
        {
            var running = calls.RunAsync(call);
            var script = server.Next(); // sent within the call
            Assert.Equal([call], script.Calls);
            script.Reply();

            Assert.Equal($"answer {call}", await running);
        }
    }

    [Fact]
    public async Task Run_WhileAScriptIsUnderWay_GoesByTheOtherInOrder()
    {
        var server = new ScriptedServer();
        var calls = new SharedCalls<int, string>(most: 64, server.AskAsync);
        var running = Enumerable.Range(0, 20).Select(calls.RunAsync).ToList();
        var first = server.Next();
        Assert.Equal([0], first.Calls);

        var others = new List<int>();
        while (others.Count < 19)
        {
            var script = await server.NextAsync(Ct);
            Assert.True(server.IsIdle, "Two scripts are under way already.");
            others.AddRange(script.Calls);
            script.Reply();
        }

        Assert.Equal(Enumerable.Range(1, 19), others);
        Assert.Equal(others.Select(static call => $"answer {call}"), await Task.WhenAll(running.Skip(1)));
        Assert.False(running[0].IsCompleted);
        first.Reply();
        Assert.Equal("answer 0", await running[0]);
    }

    [Fact]
    public async Task Run_MoreThanAScriptTakes_IsLeftForTheNext()
    {
        var server = new ScriptedServer();
        var calls = new SharedCalls<int, string>(most: 3, server.AskAsync);
        var running = Enumerable.Range(0, 10).Select(calls.RunAsync).ToList();

        for (var answered = 0; answered < 10;)
        {
            var script = await server.NextAsync(Ct);
            Assert.InRange(script.Calls.Length, 1, 3);
            answered += script.Calls.Length;
            script.Reply();
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(static call => $"answer {call}"), await Task.WhenAll(running));
    }

    [Fact]
    public async Task Run_AScriptFails_ItsCallersAreToldAndNoOthers()
    {
        var server = new ScriptedServer();
        var calls = new SharedCalls<int, string>(most: 64, server.AskAsync);
        var running = Enumerable.Range(0, 8).Select(calls.RunAsync).ToList();
        var (first, second) = (await server.NextAsync(Ct), await server.NextAsync(Ct));
        var next = calls.RunAsync(8);

        second.Break(new TimeoutException("broken"));
        var third = await server.NextAsync(Ct);
        first.Reply();
        third.Reply();

        Assert.Equal("answer 0", await running[0]);
        foreach (var call in second.Calls)
        {
            Assert.Equal("broken", (await Assert.ThrowsAsync<TimeoutException>(() => running[call])).Message);
        }

        Assert.Equal("answer 8", await next);
    }

    [Fact]
    public async Task Run_FewerAnswersThanCalls_EachCallerIsToldAndTheNextAreSent()
    {
        var server = new ScriptedServer();
        var calls = new SharedCalls<int, string>(most: 64, server.AskAsync);
        var running = Enumerable.Range(0, 4).Select(calls.RunAsync).ToList();
        for (var told = 0; told < 4;)
        {
            var script = await server.NextAsync(Ct).AsTask().WaitAsync(Poll.DefaultDeadline, Ct);
            told += script.Calls.Length;
            script.Reply([.. script.Calls.Skip(1).Select(static call => $"answer {call}")]);
        }

        foreach (var call in running)
        {
            await Assert.ThrowsAsync<FormatException>(() => call.WaitAsync(Poll.DefaultDeadline, Ct));
        }

        var next = calls.RunAsync(4);
        (await server.NextAsync(Ct)).Reply();
        Assert.Equal("answer 4", await next);
    }

    [Fact]
    public async Task Run_ManyCallersAtOnce_EachGetsItsOwnAndNoneIsLeftWaiting()
    {
        const int Callers = 16;
        const int Rounds = 2_000;
        var asked = new ConcurrentBag<int>();
        var calls = new SharedCalls<int, string>(most: 5, async batch =>
        {
            if (batch[0] % 3 == 0)
            {
                await Task.Yield();
            }

            foreach (var call in batch)
            {
                asked.Add(call);
            }

            return Array.ConvertAll(batch, static call => $"answer {call}");
        });

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            async () =>
            {
                for (var round = 0; round < Rounds; round++)
                {
                    var call = (caller * Rounds) + round;
                    Assert.Equal($"answer {call}", await calls.RunAsync(call));
                }
            },
            Ct)));

        Assert.Equal(Enumerable.Range(0, Callers * Rounds), asked.Order());
    }
}
