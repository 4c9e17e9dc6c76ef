namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A command that is sent again gives the answer to the try that counts; what still comes of a try that nobody waits for is disposed of.</summary>
public sealed class RedisCommandTests
{
    private readonly RedisTarget _target = new(database: null!, new RedisLayout("command", [0]), isCounted: false, evicts: false);

    [Fact]
    public async Task Run_WhatItRestedOnHadChanged_IsSentAgainAndGivesTheLastAnswer()
    {
        var command = new ControlledCommand(tries: 3);

        var running = command.RunAsync(_target);
        for (var sent = 1; sent <= 3; sent++)
        {
            Assert.Equal(sent, command.Sent);
            Assert.False(running.IsCompleted);
            command.Reply(sent * 10);
        }

        Assert.Equal(30, await running);
    }

    [Fact]
    public async Task Run_Broken_ThrowsWhatReadingThrows()
    {
        var command = new ControlledCommand();
        var running = command.RunAsync(_target);

        command.Break(new TimeoutException("broken"));

        Assert.Equal("broken", (await Assert.ThrowsAsync<TimeoutException>(() => running)).Message);
    }

    [Fact]
    public void Reply_ThatIsNone_IsAnErrorOfTheStoreThatNamesTheOperation()
    {
        var (fault, id) = (new FormatException("The script's reply is not what it should be."), SessionId.New());

        Assert.True(RedisFaults.IsFault(fault));
        Assert.True(RedisFaults.MayArriveLate(fault));
        var exception = RedisFaults.Translate(fault, Operations.CreateSession, id, TimeSpan.FromSeconds(1));
        Assert.Equal((typeof(SessionStoreException), Operations.CreateSession, id, fault), (exception.GetType(), exception.Operation, exception.SessionId, exception.InnerException));
    }

    [Fact]
    public async Task Function_SentTwice_GivesTheAnswerToTheSecondTry()
    {
        TaskCompletionSource<string>[] answers = [new(), new()];
        var sent = 0;
        var command = new FunctionCommand<string>(_ => answers[sent++].Task);

        var first = command.SendAsync(_target);
        answers[0].SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await Assert.ThrowsAsync<TimeoutException>(async () => await command.TryReadAsync());

        _ = command.SendAsync(_target);
        answers[1].SetResult("second");
        Assert.True(await command.TryReadAsync());
        Assert.Equal("second", command.Result);
    }

    [Fact]
    public async Task Abandon_AnswerThatHoldsABuffer_DisposesOfItOnceItIsThere()
    {
        var answer = new TaskCompletionSource<MemoryStream>();
        var command = new FunctionCommand<MemoryStream>(_ => answer.Task);
        _ = command.SendAsync(_target);

        command.Abandon();
        var buffer = new MemoryStream();
        answer.SetResult(buffer);

        await Poll.UntilAsync(() => Task.FromResult(!buffer.CanRead), "the buffer is disposed of");
    }
}
