using System.Runtime.CompilerServices;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Whoever blocks on a store in a context of one thread waits for the server, and for nothing that would have to go on in that context.</summary>
public sealed class OneThreadTests(RedisFixture redis) : SharedServerTest(redis)
{
    private readonly RedisFixture _redis = redis;

    [Fact]
    public async Task Dispose_BlockedOnWhileAWorkerWasTakenAndHasNotBegun_WaitsForItAndEnds()
    {
        using var thread = new OneThread();
        var store = Lab.Store();
        var session = (await store.CreateSessionAsync(Make.Session(), Ct)).Id;
        var call = new RedisCall(Operations.AddFrame, session, Poll.DefaultDeadline, TimeProvider.System.GetTimestamp() + (TimeProvider.System.TimestampFrequency * 60));
        var queue = await AppendsOf(store).GetAsync(call, Ct);
        var append = new PendingAppend(queue);
        append.Begin(call, EncodedFrame.Of(Make.Frame(session)));
        var appended = append.WaitAsync(Ct).AsTask();
        var worker = queue.Enqueue(append);
        Assert.NotNull(worker);

        var blocking = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var disposing = thread.TryBlockOnAsync(() => queue.DisposeAsync().AsTask(), blocking.SetResult);
        await blocking.Task;
        Assert.False(disposing.IsCompleted);
        queue.Start(worker);

        Assert.True(await disposing, "Disposing waits for the thread that waits for it.");
        Assert.Equal(0, await appended);
    }

    [Fact]
    public async Task Dispose_BlockedOnRightBehindAnAppend_Ends()
    {
        using var thread = new OneThread();
        var session = (await Lab.Store().CreateSessionAsync(Make.Session(), Ct)).Id;
        for (var round = 0; round < 100; round++)
        {
            var store = Lab.Store(_redis.Configuration);
            await store.GetSessionAsync(session, Ct);

            Assert.True(
                await thread.TryBlockOnAsync(() =>
                {
                    var appends = Task.Run(() => Task.WhenAll(Enumerable.Range(0, 4).Select(number => store.AddFrameAsync(Make.Frame(session, number)).AsTask())));
                    return Task.WhenAll(store.DisposeAsync().AsTask(), appends.ContinueWith(static _ => { }, TaskScheduler.Default));
                }),
                $"Disposing hung in round {round}.");
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_appends")]
    private static extern ref AppendQueues AppendsOf(RedisSessionStore store);
}
