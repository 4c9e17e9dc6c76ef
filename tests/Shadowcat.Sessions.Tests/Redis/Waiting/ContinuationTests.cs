namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Where a caller goes on: in its own context, and on the thread of who completes it only where that was said.</summary>
public sealed class ContinuationTests
{
    private static readonly AsyncLocal<string> Ambient = new();

    private readonly PooledNumbers _pool = new();

    [Fact]
    public async Task Complete_Here_GoesOnOnThatThread()
    {
        var (wait, resumed) = Wait(CancellationToken.None);

        var thread = Complete(wait, static wait => wait.TryComplete(1, here: true));

        Assert.Same(thread, await resumed);
    }

    [Fact]
    public async Task Complete_Elsewhere_GoesOnOnAThreadOfThePool()
    {
        var (wait, resumed) = Wait(CancellationToken.None);

        var thread = Complete(wait, static wait => wait.TryComplete(1));

        var resumedOn = await resumed;
        Assert.NotSame(thread, resumedOn);
        Assert.True(resumedOn.IsThreadPoolThread);
    }

    [Fact]
    public async Task Fail_GoesOnElsewhereAndTheNextIsAsFreeAsTheFirst()
    {
        // Who fails them has others to look after. What that changes in the wait must not last.
        var (wait, resumed) = Wait(CancellationToken.None);
        var thread = Complete(wait, static wait => wait.TryFail(new TimeoutException()));
        Assert.NotSame(thread, await resumed);

        var (again, resumedAgain) = Wait(CancellationToken.None);
        Assert.Same(wait, again);
        thread = Complete(again, static wait => wait.TryComplete(1, here: true));
        Assert.Same(thread, await resumedAgain);
    }

    [Fact]
    public async Task Cancel_GoesOnElsewhere()
    {
        using var cancelling = new CancellationTokenSource();
        var (wait, resumed) = Wait(cancelling.Token);

        var thread = Complete(wait, _ => cancelling.Cancel());

        Assert.NotSame(thread, await resumed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_CallerOfAContext_GoesOnInIt(bool here)
    {
        using var context = new OneThread();
        var wait = _pool.Rent();
        var resumed = new TaskCompletionSource<SynchronizationContext?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Post(
            _ =>
            {
                _ = ResumeAsync();
                waiting.SetResult();
            },
            state: null);
        await waiting.Task;

        Complete(wait, wait => wait.TryComplete(1, here));

        Assert.Same(context, await resumed.Task);

        async Task ResumeAsync()
        {
            await wait.WaitAsync(CancellationToken.None);
            resumed.SetResult(SynchronizationContext.Current);
        }
    }

    [Fact]
    public async Task Complete_CallerOfAScheduler_GoesOnInIt()
    {
        var scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var wait = _pool.Rent();
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var resumed = Task.Factory.StartNew(ResumeAsync, CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap();
        await waiting.Task;

        Complete(wait, static wait => wait.TryComplete(1, here: true));

        Assert.Same(scheduler, await resumed);

        async Task<TaskScheduler> ResumeAsync()
        {
            var task = wait.WaitAsync(CancellationToken.None);
            waiting.SetResult();
            await task;
            return TaskScheduler.Current;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_ByWhoHasAnotherExecutionContext_TheCallerKeepsItsOwn(bool here)
    {
        for (var caller = 0; caller < 3; caller++)
        {
            Ambient.Value = $"caller {caller}";
            var wait = _pool.Rent();
            var resumed = ResumeAsync(wait.WaitAsync(CancellationToken.None));
            Ambient.Value = "test";

            Complete(wait, wait =>
            {
                Ambient.Value = "who completes";
                wait.TryComplete(1, here);
            });

            Assert.Equal($"caller {caller}", await resumed);
        }

        Assert.Equal(1, _pool.Made);

        static async Task<string?> ResumeAsync(ValueTask<int> task)
        {
            await task;
            return Ambient.Value;
        }
    }

    private (PooledNumber Wait, Task<Thread> Resumed) Wait(CancellationToken cancellationToken)
    {
        var wait = _pool.Rent();
        return (wait, ResumeAsync(wait.WaitAsync(cancellationToken)));

        static async Task<Thread> ResumeAsync(ValueTask<int> task)
        {
            try
            {
                await task.ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
            {
                // It is where that is thrown which counts.
            }

            return Thread.CurrentThread;
        }
    }

    /// <summary>Ends the waiting on a thread of its own, which does nothing else.</summary>
    private static Thread Complete(PooledNumber wait, Action<PooledNumber> complete)
    {
        var thread = new Thread(() =>
        {
            complete(wait);
            wait.Release();
        });
        thread.Start();
        thread.Join();
        return thread;
    }
}
