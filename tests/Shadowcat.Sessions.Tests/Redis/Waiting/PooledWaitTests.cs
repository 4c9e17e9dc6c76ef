#pragma warning disable CA2012 // What becomes of a task that is awaited twice, late or by whom it suits is what is tested.

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A pooled wait gives each caller its own answer, once, whoever uses it before and after.</summary>
public sealed class PooledWaitTests
{
    private static readonly Exception Broken = new TimeoutException("broken");

    private readonly PooledNumbers _pool = new();

    [Fact]
    public async Task Complete_Twice_TheFirstCounts()
    {
        var wait = _pool.Rent();
        var task = wait.WaitAsync(CancellationToken.None);

        Assert.True(wait.TryComplete(1, here: true));
        Assert.False(wait.TryComplete(2, here: true));
        wait.TryFail(Broken);
        wait.Release();

        Assert.Equal(1, await task);
    }

    [Fact]
    public async Task Complete_AfterAFailure_TheFailureCounts()
    {
        var wait = _pool.Rent();
        var task = wait.WaitAsync(CancellationToken.None);

        wait.TryFail(Broken);
        Assert.False(wait.TryComplete(2));
        wait.Release();

        Assert.Same(Broken, await Assert.ThrowsAsync<TimeoutException>(async () => await task));
    }

    [Fact]
    public async Task Await_LongAfterTheAnswer_GetsItAndOnlyThenIsItUsedAgain()
    {
        var wait = _pool.Rent();
        var late = wait.WaitAsync(CancellationToken.None);
        Assert.True(wait.TryComplete(1, here: true));
        wait.Release();

        var other = _pool.Rent();
        Assert.NotSame(wait, other);
        var otherTask = other.WaitAsync(CancellationToken.None);
        Assert.True(other.TryComplete(2, here: true));
        Assert.Equal(2, await otherTask);
        Assert.False(_pool.HasUnused);

        Assert.Equal(1, await late);
        Assert.True(_pool.HasUnused);
    }

    [Fact]
    public async Task Await_BeforeWhoCarriesItLetsGo_IsNotUsedAgainYet()
    {
        var wait = _pool.Rent();
        var task = wait.WaitAsync(CancellationToken.None);
        Assert.True(wait.TryComplete(1, here: true));

        Assert.Equal(1, await task);
        Assert.False(_pool.HasUnused);

        wait.Release();
        Assert.Same(wait, _pool.Rent());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Await_ASecondTime_ThrowsAndTakesNothingFromTheNextCaller(bool isHeld)
    {
        var wait = _pool.Rent();
        var first = wait.WaitAsync(CancellationToken.None);
        Assert.True(wait.TryComplete(1, here: true));
        if (!isHeld)
        {
            wait.Release();
        }

        Assert.Equal(1, await first);
        await AssertRefusedAsync(first);
        if (isHeld)
        {
            Assert.False(_pool.HasUnused);
            wait.Release();
        }

        Assert.Same(wait, _pool.Rent());
        var next = wait.WaitAsync(CancellationToken.None);
        await AssertRefusedAsync(first);
        Assert.True(wait.TryComplete(2, here: true));
        await AssertRefusedAsync(first);
        wait.Release();
        Assert.False(_pool.HasUnused);
        Assert.Equal(2, await next);
        Assert.True(_pool.HasUnused);
    }

    [Fact]
    public async Task Result_TakenBeforeThereIsOne_ThrowsAndTheCallerStillGetsIt()
    {
        using var cancelling = new CancellationTokenSource();
        var wait = _pool.Rent();
        var task = wait.WaitAsync(cancelling.Token);

        Assert.Throws<InvalidOperationException>(() => task.GetAwaiter().GetResult());

        wait.TryFail(Broken);
        wait.Release();
        Assert.False(_pool.HasUnused);
        Assert.Same(Broken, await Assert.ThrowsAsync<TimeoutException>(async () => await task));
        Assert.True(_pool.HasUnused);
    }

    [Fact]
    public async Task Complete_InThePool_DoesNotReachTheNextCaller()
    {
        var wait = _pool.Rent();
        var first = wait.WaitAsync(CancellationToken.None);
        Assert.True(wait.TryComplete(1, here: true));
        wait.Release();
        Assert.Equal(1, await first);

        wait.TryFail(Broken);
        Assert.False(wait.TryComplete(7, here: true));
        Assert.True(wait.IsCompleted);

        Assert.Same(wait, _pool.Rent());
        var next = wait.WaitAsync(CancellationToken.None);
        Assert.False(next.IsCompleted);
        Assert.True(wait.TryComplete(2, here: true));
        wait.Release();
        Assert.Equal(2, await next);
    }

    [Fact]
    public async Task Cancel_WhileItIsCarried_EndsTheWaitingAndTheAnswerReachesNobody()
    {
        using var cancelling = new CancellationTokenSource();
        var wait = _pool.Rent();
        var task = wait.WaitAsync(cancelling.Token);

        await cancelling.CancelAsync();
        Assert.Equal(cancelling.Token, (await Assert.ThrowsAsync<OperationCanceledException>(async () => await task)).CancellationToken);
        Assert.False(_pool.HasUnused);

        Assert.False(wait.TryComplete(1));
        wait.Release();
        Assert.Same(wait, _pool.Rent());
        var next = wait.WaitAsync(CancellationToken.None);
        Assert.True(wait.TryComplete(2));
        wait.Release();
        Assert.Equal(2, await next);
    }

    [Fact]
    public async Task Cancel_OfACallerBefore_DoesNotReachTheNextCaller()
    {
        using var cancelling = new CancellationTokenSource();
        var wait = _pool.Rent();
        var first = wait.WaitAsync(cancelling.Token);
        Assert.True(wait.TryComplete(1, here: true));
        wait.Release();
        Assert.Equal(1, await first);

        Assert.Same(wait, _pool.Rent());
        var next = wait.WaitAsync(CancellationToken.None);
        await cancelling.CancelAsync();

        Assert.True(wait.TryComplete(2, here: true));
        wait.Release();
        Assert.Equal(2, await next);
    }

    [Fact]
    public async Task Wait_TokenAlreadyCancelled_Ends()
    {
        var wait = _pool.Rent();
        var task = wait.WaitAsync(new CancellationToken(canceled: true));
        Assert.False(wait.TryComplete(1));
        wait.Release();

        await Assert.ThrowsAsync<OperationCanceledException>(async () => await task);
        Assert.True(_pool.HasUnused);
    }

    [Fact]
    public async Task Cancel_AtTheMomentOfCompletion_EndsTheWaitingOnceAndOnlyItsOwn()
    {
        using var meeting = new Barrier(3);
        const int Rounds = 20_000;
        PooledNumber wait = null!;
        CancellationTokenSource cancelling = null!;
        var completed = new bool[Rounds];
        var cancels = RunRounds(meeting, Rounds, _ => cancelling.Cancel());
        var completes = RunRounds(meeting, Rounds, round =>
        {
            completed[round] = wait.TryComplete(round, here: round % 2 == 0);
            wait.Release();
        });

        for (var round = 0; round < Rounds; round++)
        {
            using var source = cancelling = new CancellationTokenSource();
            wait = _pool.Rent();
            var task = wait.WaitAsync(cancelling.Token);
            var early = round % 4 < 2 ? OutcomeAsync(task) : null;
            meeting.SignalAndWait(TestContext.Current.CancellationToken);
            var (answer, exception) = await (early ?? OutcomeAsync(task));
            meeting.SignalAndWait(TestContext.Current.CancellationToken);

            Assert.Equal(completed[round], exception is null);
            Assert.Equal(completed[round] ? round : -1, answer);
            Assert.Equal(completed[round] ? null : cancelling.Token, exception?.CancellationToken);
            Assert.True(_pool.HasUnused);
        }

        await Task.WhenAll(cancels, completes);
        Assert.Equal(1, _pool.Made);
    }

    [Fact]
    public async Task Claim_ByTwoAtOnce_OneGetsIt()
    {
        const int Rounds = 200_000;
        var wait = _pool.Rent();
        var (begun, ended, other) = (0, 0, false);
        var claims = Task.Factory.StartNew(
            () =>
            {
                for (var round = 1; round <= Rounds; round++)
                {
                    Await(ref begun, round);
                    other = wait.TryClaim();
                    Volatile.Write(ref ended, round);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        var both = 0;
        for (var round = 1; round <= Rounds; round++)
        {
            wait.Start();
            Volatile.Write(ref begun, round);
            Thread.SpinWait(round % 16); // the other comes a little later: the two meet at some of these
            var one = wait.TryClaim();
            Await(ref ended, round);
            both += one == other ? 1 : 0;
        }

        await claims;
        Assert.Equal(0, both);

        static void Await(ref int counter, int round)
        {
            var spinning = default(SpinWait);
            while (Volatile.Read(ref counter) < round)
            {
                spinning.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    /// <summary>Does something in every round at the moment at which all others do theirs, on a thread of its own.</summary>
    private static Task RunRounds(Barrier meeting, int rounds, Action<int> act) => Task.Factory.StartNew(
        () =>
        {
            for (var round = 0; round < rounds; round++)
            {
                meeting.SignalAndWait();
                act(round);
                meeting.SignalAndWait();
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>What becomes of a waiting. Whoever awaits that goes on on a thread of its own, not on that of who ends it.</summary>
    private static Task<(int Answer, OperationCanceledException? Exception)> OutcomeAsync(ValueTask<int> task)
    {
        var outcome = new TaskCompletionSource<(int, OperationCanceledException?)>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = SettleAsync();
        return outcome.Task;

        async Task SettleAsync()
        {
            try
            {
                outcome.SetResult((await task.ConfigureAwait(false), null));
            }
            catch (OperationCanceledException exception)
            {
                outcome.SetResult((-1, exception));
            }
        }
    }

    private static async Task AssertRefusedAsync(ValueTask<int> task) => await Assert.ThrowsAsync<InvalidOperationException>(async () => await task);
}
