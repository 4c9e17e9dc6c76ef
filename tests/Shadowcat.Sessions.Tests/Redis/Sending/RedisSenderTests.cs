namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Each caller gets the answer to what it sent, or stops waiting; an answer that comes then reaches nobody.</summary>
public sealed class RedisSenderTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly RedisSender _sender = new(shortestTimeout: TimeSpan.FromMilliseconds(1));
    private readonly RedisTarget _target = new(database: null!, new RedisLayout("sender", [0]), isCounted: true, evicts: false);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _sender.Dispose();

    [Fact]
    public async Task Send_Answered_CompletesForItsOwnCallerOnly()
    {
        var (first, second) = (new ControlledCommand(), new ControlledCommand());
        var firstTask = Send(first);
        var secondTask = Send(second);
        Assert.Equal(2, _target.Outstanding);

        second.Reply(2);

        Assert.True(await secondTask);
        Assert.False(firstTask.IsCompleted);
        first.Reply(1);
        Assert.True(await firstTask);
        Assert.Equal((0, 0, 0), (_target.Outstanding, first.Forgotten, second.Forgotten));
    }

    [Fact]
    public async Task Send_Broken_CompletesAndReadingThrows()
    {
        var command = new ControlledCommand();
        var task = Send(command);

        command.Break(new TimeoutException("broken"));

        Assert.True(await task);
        Assert.Equal("broken", (await Assert.ThrowsAsync<TimeoutException>(async () => await command.TryReadAsync())).Message);
        Assert.Equal((0, 0), (_target.Outstanding, command.Forgotten));
    }

    [Fact]
    public async Task Send_TimeIsUp_ThrowsAndTheLateAnswerReachesNobody()
    {
        var late = new ControlledCommand();
        var overdue = _sender.SendAsync(late, _target, deadline: 0, Ct);
        await Assert.ThrowsAsync<TimeoutException>(async () => await overdue);
        Assert.Equal(1, _target.Outstanding);

        // The next callers, before and after the late answer.
        var (second, third) = (new ControlledCommand(), new ControlledCommand());
        var secondTask = Send(second);
        late.Reply(1);
        await AnsweredAsync(outstanding: 1);
        Assert.Equal(1, late.Forgotten);
        var thirdTask = Send(third);
        Assert.False(secondTask.IsCompleted);
        Assert.False(thirdTask.IsCompleted);

        third.Reply(3);
        Assert.True(await thirdTask);
        Assert.False(secondTask.IsCompleted);
        second.Reply(2);
        Assert.True(await secondTask);
        Assert.Equal((0, 1, 0, 0), (_target.Outstanding, late.Forgotten, second.Forgotten, third.Forgotten));
    }

    [Fact]
    public async Task Send_CancelledAndThenBroken_IsForgottenOnce()
    {
        using var cancelling = new CancellationTokenSource();
        var command = new ControlledCommand();
        var task = _sender.SendAsync(command, _target, _sender.NewDeadline(Long), cancelling.Token).AsTask();

        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        command.Break(new TimeoutException());

        await AnsweredAsync(outstanding: 0);
        Assert.Equal(1, command.Forgotten);
    }

    [Fact]
    public async Task Send_CannotBeSent_ThrowsAndTheNextIsNotTouched()
    {
        var refusal = new InvalidOperationException("refused");
        var refused = _sender.SendAsync(new RefusingCommand(refusal), _target, _sender.NewDeadline(Long), Ct);
        var command = new ControlledCommand();
        var task = Send(command);

        Assert.Same(refusal, await Assert.ThrowsAsync<InvalidOperationException>(async () => await refused));
        Assert.Equal(1, _target.Outstanding);
        Assert.False(task.IsCompleted);
        command.Reply(1);
        Assert.True(await task);
    }

    [Fact]
    public async Task Dispose_WhileCallersWait_TheyGetTheirAnswersAndLaterOnesAreRefused()
    {
        var (answered, overdue) = (new ControlledCommand(), new ControlledCommand());
        var answeredTask = Send(answered);

        _sender.Dispose();
        answered.Reply(1);
        Assert.True(await answeredTask);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await Send(overdue));

        Assert.Equal(0, overdue.Sent);
    }

    [Fact]
    public async Task Dispose_WhileSomebodyWaitsInVain_ItsTimeIsUpAllTheSame()
    {
        var overdue = _sender.SendAsync(new ControlledCommand(), _target, deadline: 0, Ct);

        _sender.Dispose();

        await Assert.ThrowsAsync<TimeoutException>(async () => await overdue);
    }

    [Fact]
    public async Task Send_AnsweredCancelledAndOverdueAtOnce_EachCallerGetsItsOwnOutcome()
    {
        const int Callers = 4;
        const int Rounds = 5_000;
        var outcomes = new int[3];
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            async () =>
            {
                for (var round = 0; round < Rounds; round++)
                {
                    await RaceAsync((caller * Rounds) + round, outcomes);
                }
            },
            Ct)));

        await AnsweredAsync(outstanding: 0);
        Assert.Equal(Callers * Rounds, outcomes.Sum());
        Assert.DoesNotContain(0, outcomes);
    }

    /// <summary>One caller, whose command is answered while its token is cancelled or its time is up. Every sixteenth is answered only then.</summary>
    private async Task RaceAsync(int number, int[] outcomes)
    {
        using var cancelling = new CancellationTokenSource();
        var command = new ControlledCommand();
        var deadline = number % 8 == 0 ? 0 : _sender.NewDeadline(Long);
        var task = _sender.SendAsync(command, _target, deadline, cancelling.Token);
        var answers = number % 16 == 0 ? null : Task.Run(() => command.Reply(number), Ct);
        if (number % 2 == 1)
        {
            cancelling.Cancel();
        }

        int outcome;
        try
        {
            Assert.True(await task);
            Assert.True(await command.TryReadAsync());
            Assert.Equal(number, command.Result);
            outcome = 0;
        }
        catch (OperationCanceledException exception)
        {
            Assert.Equal(cancelling.Token, exception.CancellationToken);
            outcome = 1;
        }
        catch (TimeoutException)
        {
            Assert.Equal(0, deadline);
            outcome = 2;
        }

        await (answers ?? Task.Run(() => command.Reply(number), Ct));
        await Poll.UntilAsync(() => Task.FromResult(command.Forgotten == (outcome == 0 ? 0 : 1)), "an answer that nobody waits for is forgotten, once");
        Interlocked.Increment(ref outcomes[outcome]);
    }

    private ValueTask<bool> Send(RedisCommand command) => _sender.SendAsync(command, _target, _sender.NewDeadline(Long), Ct);

    /// <summary>Waits until no more answers than that are outstanding: who takes one in may do it on another thread.</summary>
    private Task AnsweredAsync(int outstanding) =>
        Poll.UntilAsync(() => Task.FromResult(_target.Outstanding == outstanding), $"{outstanding} answers are outstanding");
}
