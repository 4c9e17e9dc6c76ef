using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What waits for the server: in a bounded queue, in order, each caller for itself.</summary>
public sealed class AppendQueueTests : SharedServerTest
{
    private const int Bound = 4;

    private readonly LossyProxy _proxy;

    public AppendQueueTests(RedisFixture redis)
        : base(redis)
    {
        _proxy = new LossyProxy(redis.Configuration.Split(',')[0]);
    }

    public override async ValueTask DisposeAsync()
    {
        _proxy.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Append_QueueFull_WaitsForRoomAndKeepsTheOrder()
    {
        var (store, session) = await StalledAsync(redis => redis.MaxQueuedFrames = Bound);

        var appends = Make.Frames(session.Id, 50, first: 1).Select(frame => store.AddFrameAsync(frame, Ct).AsTask()).ToList();
        Assert.DoesNotContain(appends, append => append.IsCompleted);
        _proxy.Mend();

        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), await Task.WhenAll(appends));
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 51);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Append_QueueFullAndCallersAreNotToWait_FailsAtOnceAndNothingIsDone(bool bytes)
    {
        var (store, session) = await StalledAsync(redis =>
        {
            redis.QueueFullMode = AppendQueueFullMode.Fail;
            if (bytes)
            {
                redis.MaxQueuedBytes = (Bound * FrameFormat.Encode(Make.Frame(SessionId.New(), 1)).Length) + 1;
            }
            else
            {
                redis.MaxQueuedFrames = Bound;
            }
        });

        var appends = Make.Frames(session.Id, Bound, first: 1).Select(frame => store.AddFrameAsync(frame, Ct).AsTask()).ToList();
        var refused = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.AddFrameAsync(Make.Frame(session.Id, 99), Ct).AsTask());
        Assert.False(refused.OutcomeUnknown);
        Assert.Equal((Operations.AddFrame, session.Id), (refused.Operation, refused.SessionId));
        _proxy.Mend();
        await Task.WhenAll(appends);

        // There is capacity again.
        Assert.Equal(Bound + 1, await store.AddFrameAsync(Make.Frame(session.Id, Bound + 1), Ct));
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, Bound + 2);
    }

    [Fact]
    public async Task Append_LargerThanTheQueue_IsLetInAlone()
    {
        var store = Lab.Store(configure: redis => (redis.MaxQueuedFrames, redis.MaxQueuedBytes) = (2, 10));
        var session = await store.CreateSessionAsync(Make.Session(), Ct);

        var appends = Enumerable.Range(0, 20).Select(i => store.AddFramesAsync(session.Id, Make.Frames(session.Id, 5, i * 5), Ct).AsTask()).ToList();

        Assert.Equal(Enumerable.Range(0, 20).Select(i => i * 5L), await Task.WhenAll(appends));
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 100);
    }

    [Fact]
    public async Task Append_CancelledInTheQueueOrBeforeIt_IsNeverSentAndHoldsNobodyUp()
    {
        var (store, session) = await StalledAsync(redis => redis.MaxQueuedFrames = Bound);
        using var cancelling = new CancellationTokenSource();

        // The first is under way, the next wait in the queue, the last for capacity; every other one is cancelled.
        var appends = Make.Frames(session.Id, 20, first: 1)
            .Select((frame, i) => (IsCancelled: i % 2 == 1, Task: store.AddFrameAsync(frame, i % 2 == 1 ? cancelling.Token : Ct).AsTask())).ToList();
        await cancelling.CancelAsync();
        foreach (var append in appends.Where(append => append.IsCancelled))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append.Task);
        }

        _proxy.Mend();

        var kept = await Task.WhenAll(appends.Where(append => !append.IsCancelled).Select(append => append.Task));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), kept);
        var stored = await store.GetFramesAsync(session.Id, cancellationToken: Ct).Select(frame => Make.Number(frame)).ToListAsync(Ct);
        Assert.Equal(Enumerable.Range(0, 11).Select(i => i == 0 ? 0 : (2 * i) - 1), stored);
    }

    [Fact]
    public async Task Append_NoRoomWithinTheTimeout_EndsAsATimeout()
    {
        var (store, session) = await StalledAsync(redis => (redis.MaxQueuedFrames, redis.OperationTimeout, redis.BreakerEnabled) = (Bound, TimeSpan.FromMilliseconds(300), false));

        var appends = Make.Frames(session.Id, 3 * Bound, first: 1).Select(frame => store.AddFrameAsync(frame, Ct).AsTask()).ToList();

        foreach (var append in appends)
        {
            await Assert.ThrowsAsync<SessionTimeoutException>(() => append);
        }

        _proxy.Mend();
        await Poll.UntilAsync(async () => await SucceedsAsync(store, session.Id), "there is capacity again");
    }

    [Fact]
    public async Task Dispose_WhileCallersWait_EndsEachOfThem()
    {
        var (store, session) = await StalledAsync(redis => redis.MaxQueuedFrames = Bound);
        var appends = Make.Frames(session.Id, 20, first: 1).Select(frame => store.AddFrameAsync(frame, Ct).AsTask()).ToList();

        var disposing = store.DisposeAsync();
        _proxy.Mend();
        await disposing;

        var ends = await Task.WhenAll(appends.Select(append => Record.ExceptionAsync(() => append).AsTask()));
        Assert.All(ends, end => Assert.True(end is null or SessionStoreUnavailableException, $"{end}"));
        var stored = await Lab.Store().GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct);
        Make.AssertNumbered(stored, 0, 1 + ends.Count(end => end is null));
    }

    [Fact]
    public async Task Append_AfterTenThousandOtherSessions_IsStillAPushWithoutTheScript()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var store = lab.Store();
        foreach (var sessions in Enumerable.Range(0, 10_100).Chunk(500))
        {
            await Task.WhenAll(sessions.Select(async _ =>
            {
                var session = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMinutes(1) }, Ct);
                await store.AddFrameAsync(Make.Frame(session.Id), Ct);
            }));
        }

        var last = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(last.Id, 0), Ct);

        // A machine that stands still for most of a second makes the deadline due, and then an append takes the script after all.
        await Poll.UntilAsync(
            async () =>
            {
                var before = await lab.CallsAsync("rpushx");
                await store.AddFrameAsync(Make.Frame(last.Id), Ct);
                return await lab.CallsAsync("rpushx") == before + 1;
            },
            "an append is a push");
    }

    private static async Task<bool> SucceedsAsync(RedisSessionStore store, SessionId id)
    {
        try
        {
            await store.AddFrameAsync(Make.Frame(id), Ct);
            return true;
        }
        catch (SessionTimeoutException)
        {
            return false;
        }
    }

    /// <summary>A store whose connection has just come to a standstill, and a session with one frame.</summary>
    private async Task<(RedisSessionStore Store, Session Session)> StalledAsync(Action<RedisSessionStoreOptions> configure)
    {
        var store = Lab.Store(_proxy.Configuration, configure: configure);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id, 0), Ct);
        _proxy.Stall();
        return (store, session);
    }
}
