using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Stores with several connections: who waits for whom, and what a connection that breaks does to the others.</summary>
public sealed class ConnectionPoolTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const int Connections = 3;

    private readonly string _configuration = redis.Configuration;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task Get_BehindAReadThatIsHeldUp_IsAnsweredByAnotherConnection(int connections, bool isAnswered)
    {
        using var proxy = new HoldingProxy(_configuration.Split(',')[0]);
        var store = Lab.Store(proxy.Configuration, configure: options => options.ConnectionCount = connections);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 3), Ct);

        proxy.HoldBefore("LRANGE");
        var reading = store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct).AsTask();
        await Poll.UntilAsync(() => Task.FromResult(proxy.IsHoldingBefore), "the reading is held up");
        var getting = store.GetSessionAsync(session.Id, Ct).AsTask();

        if (isAnswered)
        {
            Assert.Equal(3, (await getting)!.FrameCount);
            Assert.False(reading.IsCompleted);
        }

        proxy.Release();
        Make.AssertNumbered(await reading, 0, 3);
        Assert.Equal(3, (await getting)!.FrameCount);
    }

    [Fact]
    public async Task Connections_KilledOneByOne_AreMadeAnewAndNobodyNotices()
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var lab = await RedisLab.OpenAsync(server.Configuration);
        var store = lab.Store($"{server.Configuration},name=pool", configure: options => options.ConnectionCount = Connections);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        var appended = 0;

        for (var round = 0; round < Connections; round++)
        {
            var clients = (await lab.Server.ClientListAsync()).Where(client => client is { Name: "pool", SubscriptionCount: 0, PatternSubscriptionCount: 0 }).ToList();
            Assert.True(clients.Count >= Connections, $"only {clients.Count} connections");
            await lab.Server.ClientKillAsync(clients[round].Address!);
            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(appended++, await store.AddFrameAsync(Make.Frame(session.Id, appended - 1), Ct));
                Assert.Equal(appended, (await store.GetSessionAsync(session.Id, Ct))!.FrameCount);
            }

            await Poll.UntilAsync(
                async () => (await lab.Server.ClientListAsync()).Count(client => client is { Name: "pool", SubscriptionCount: 0, PatternSubscriptionCount: 0 }) >= clients.Count,
                "the connection was made anew");
        }

        Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, appended);
    }

    [Fact]
    public async Task Calls_OneAfterTheOther_EachSeeWhatWasDoneBefore()
    {
        var store = Lab.Store(_configuration, configure: options => options.ConnectionCount = Connections);

        // Eight chains keep all connections busy; in each, a call rests on the one before.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                for (var round = 0; round < 20; round++)
                {
                    var session = await store.CreateSessionAsync(Make.Session(), Ct);
                    Assert.Equal(0, await store.AddFrameAsync(Make.Frame(session.Id, 0), Ct));
                    Assert.Equal(1, (await store.GetSessionAsync(session.Id, Ct))!.FrameCount);
                    var appends = Make.Frames(session.Id, 10, first: 1).Select(frame => store.AddFrameAsync(frame, Ct).AsTask()).ToList();
                    Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), await Task.WhenAll(appends));
                    Assert.Equal(4, await store.DeleteFramesAsync(session.Id, 4, Ct));
                    Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 4, 7);
                    Assert.Equal(2, (await store.UpdateSessionAsync(session with { CloseReason = "done" }, Ct)).Version);
                    Assert.Equal("done", (await store.GetSessionAsync(session.Id, Ct))!.CloseReason);
                    Assert.True(await store.DeleteSessionAsync(session.Id, Ct));
                    Assert.Null(await store.GetSessionAsync(session.Id, Ct));
                    await Assert.ThrowsAsync<SessionNotFoundException>(() => store.AddFrameAsync(Make.Frame(session.Id), Ct).AsTask());
                }
            },
            Ct)));
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
    }
}
