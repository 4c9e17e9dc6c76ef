using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>A buffer in front of a real server that is killed, frozen, cut off or loses replies: everything that was accepted is stored, once and in order.</summary>
public sealed class BufferedOnRedisTests
{
    private const int Writers = 8;
    private const int Sessions = 3;
    private const int Frames = 200;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Frames_EveryThirdReplyLost_AreStoredOnce()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        using var proxy = new LossyProxy(server.Configuration);
        await using var store = Buffered(lab, proxy.Configuration);
        var sessions = await SessionsAsync(store);
        proxy.LossRate = 0.3;

        await WriteAsync(store, sessions, _ => Task.CompletedTask);

        proxy.LossRate = 0;
        Assert.True(proxy.Lost > 20, $"Only {proxy.Lost} replies were lost.");
        await AssertStoredAsync(lab, store, sessions);
    }

    [Fact]
    public async Task Frames_ServerFrozenAndDisconnecting_AreStoredOnce()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        await using var store = Buffered(lab, server.Configuration);
        var sessions = await SessionsAsync(store);

        await WriteAsync(store, sessions, async _ =>
        {
            await server.PauseAsync();
            await Poll.UntilAsync(() => Task.FromResult(store.Status.State == SessionBufferState.Outage), "the outage is noticed");
            await server.ContinueAsync();
            await lab.Server.ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        });

        await AssertStoredAsync(lab, store, sessions);
    }

    [Fact]
    public async Task Frames_ServerKilledAndRestarted_AreStoredOnce()
    {
        await using var server = await RedisServer.StartDedicatedAsync("--appendonly", "yes", "--appendfsync", "always");
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        await using var store = Buffered(lab, server.Configuration);
        var sessions = await SessionsAsync(store);

        await WriteAsync(store, sessions, async _ =>
        {
            await server.StopAsync();
            await Poll.UntilAsync(() => Task.FromResult(store.Status.State == SessionBufferState.Outage), "the outage is noticed");
            await server.StartAsync();
        });

        await AssertStoredAsync(lab, store, sessions);
    }

    [Fact]
    public async Task Frames_RepliesHeldBackUntilNobodyWaits_AreStoredOnce()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        using var proxy = new HoldingProxy(server.Configuration);
        await using var store = Buffered(lab, proxy.Configuration);
        var sessions = await SessionsAsync(store);

        await WriteAsync(store, sessions, async _ =>
        {
            proxy.Hold();
            await Poll.UntilAsync(() => Task.FromResult(store.Status.State == SessionBufferState.Outage), "the outage is noticed");
            proxy.Release();
        });

        await AssertStoredAsync(lab, store, sessions);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Frames_OfASessionThatEndsAndWhoseIdIsUsedAnew_LandInNoOther(bool isDeleted)
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        using var proxy = new HoldingProxy(server.Configuration);
        await using var store = Buffered(lab, proxy.Configuration);
        var others = lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 3), Ct);
        proxy.Hold();
        var accepted = Enumerable.Range(3, 6).Select(number => store.AcceptFrame(Make.Frame(session.Id, number)).Stored).ToList();
        await Poll.UntilAsync(() => Task.FromResult(store.Status.State == SessionBufferState.Outage), "the outage is noticed");

        if (isDeleted)
        {
            Assert.True(await others.DeleteSessionAsync(session.Id, Ct));
        }
        else
        {
            await others.UpdateSessionAsync(session with { TimeToLive = TimeSpan.FromMilliseconds(10) }, Ct);
            await Poll.UntilAsync(async () => await others.GetSessionAsync(session.Id, Ct) is null, "the session has expired");
        }

        var next = await others.CreateSessionAsync(new Session(session.Id, TransportType.Stdio) { Owner = new SessionOwner("sub", "bob", "https://issuer.example/") }, Ct);
        proxy.Release();

        foreach (var frame in accepted)
        {
            var failure = await Assert.ThrowsAnyAsync<SessionStoreException>(() => frame);
            Assert.True(failure is SessionNotFoundException or SessionStoreUnavailableException { OutcomeUnknown: true, InnerException: SessionNotFoundException }, $"{failure}");
        }

        Assert.Equal((accepted.Count, 0), (store.Status.LostFrames, store.Status.WaitingFrames));
        Assert.Equal(next, await others.GetSessionAsync(session.Id, Ct));
        Assert.Empty(await others.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task SessionAndFrames_AcceptedBeforeTheServerWasEverThere_AreStoredWhenItIs()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        await server.StopAsync();
        await using var store = Buffered(lab, server.Configuration);
        var session = Make.Session();

        var created = store.AcceptSession(session);
        var frames = store.AcceptFrames(session.Id, Make.Frames(session.Id, 5));
        await Poll.UntilAsync(() => Task.FromResult(store.Status.State == SessionBufferState.Outage), "the outage is noticed");
        await server.StartAsync();

        Assert.Equal((1, 0), ((await created.Stored).Version, await frames.Stored));
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, 5);
    }

    private static BufferedSessionStore Buffered(RedisLab lab, string configuration) =>
        new(lab.Store(configuration, configure: redis => redis.OperationTimeout = TimeSpan.FromMilliseconds(300)), new BufferedSessionStoreOptions { DrainTimeout = TimeSpan.Zero });

    private static async Task<SessionId[]> SessionsAsync(BufferedSessionStore store) =>
        [.. (await Task.WhenAll(Make.Sessions(Sessions).Select(session => store.CreateSessionAsync(session, Ct).AsTask()))).Select(session => session.Id)];

    /// <summary>Writers of both kinds, all of whose frames have to be stored, while three things go wrong one after the other.</summary>
    private static async Task WriteAsync(BufferedSessionStore store, SessionId[] sessions, Func<int, Task> disturb)
    {
        var (given, undisturbed) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var accepted = new List<Task>();
            for (var i = 0; i < Frames; i++)
            {
                var frame = Make.Frame(sessions[writer % Sessions], (writer * 10_000) + i);
                if (i % 4 == 0)
                {
                    await store.AddFrameAsync(frame, Ct);
                }
                else
                {
                    accepted.Add(store.AcceptFrame(frame).Stored);
                }

                // The last fifth comes when nothing goes wrong any more: no disturbance waits for frames in vain.
                if (Interlocked.Increment(ref given) > Writers * Frames * 4 / 5)
                {
                    await undisturbed.Task.WaitAsync(Ct);
                }
            }

            await Task.WhenAll(accepted);
        }, Ct)));

        for (var round = 0; round < 3; round++)
        {
            await Poll.UntilAsync(() => Task.FromResult(Volatile.Read(ref given) > Writers * Frames * round / 4), "some were given");
            using var knocking = new CancellationTokenSource();
            var knocks = KnockAsync(store, sessions[0], (round + 1) * 1_000_000, knocking.Token);
            await disturb(round);
            await knocking.CancelAsync();
            await knocks;
        }

        undisturbed.SetResult();
        await writing;
    }

    /// <summary>Gives the store something to do, so that a disturbance is noticed whatever the writers are at.</summary>
    private static async Task KnockAsync(BufferedSessionStore store, SessionId id, int first, CancellationToken stopping)
    {
        for (var number = first; !stopping.IsCancellationRequested; number++)
        {
            _ = store.AcceptFrame(Make.Frame(id, number)).Stored;
            await Task.Delay(10, CancellationToken.None);
        }
    }

    private static async Task AssertStoredAsync(RedisLab lab, BufferedSessionStore store, SessionId[] sessions)
    {
        await Poll.UntilAsync(() => Task.FromResult(store.Status is { State: SessionBufferState.Passing, WaitingFrames: 0 }), "everything is stored", TimeSpan.FromSeconds(30));
        Assert.Equal((0, 0), (store.Status.LostFrames, store.Status.RefusedFrames));
        var total = 0;
        foreach (var id in sessions)
        {
            var stored = await lab.Store().GetFramesAsync(id, cancellationToken: Ct).Select(Make.Number).ToListAsync(Ct);
            Assert.Equal(stored.Count, stored.Distinct().Count());
            for (var writer = 0; writer < Writers; writer++)
            {
                var own = stored.Where(number => number / 10_000 == writer).ToList();
                Assert.Equal(own.Order(), own);
                total += own.Count;
            }
        }

        Assert.Equal(Writers * Frames, total);
    }
}
