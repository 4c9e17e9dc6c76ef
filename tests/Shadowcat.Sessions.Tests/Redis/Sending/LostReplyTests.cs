using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A write whose reply is lost with the connection was carried out, is tried again by the store, and counts once.</summary>
public sealed class LostReplyTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const int Losses = 10;

    private readonly string _configuration = redis.Configuration;

    [Fact]
    public async Task Append_ReplyLost_IsStoredOnceAndInOrder()
    {
        using var proxy = new LossyProxy(_configuration.Split(',')[0]);
        var store = await WarmAsync(proxy);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);

        for (var i = 0; i < Losses * 3; i += 3)
        {
            Assert.Equal(i, await store.AddFrameAsync(Make.Frame(session.Id, i), Ct));
            proxy.LoseNextReply();
            Assert.Equal(i + 1, await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 2, i + 1), Ct));
        }

        Assert.Equal(Losses, proxy.Lost);
        Assert.Equal(Losses * 3, (await store.GetSessionAsync(session.Id, Ct))!.FrameCount);
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct), 0, Losses * 3);
    }

    [Fact]
    public async Task Append_RepliesLostUnderManyWriters_EachIsStoredOnce()
    {
        using var proxy = new LossyProxy(_configuration.Split(',')[0]);
        var store = await WarmAsync(proxy);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        var sequences = new long[8][];

        await Task.WhenAll(Enumerable.Range(0, sequences.Length).Select(async writer =>
        {
            sequences[writer] = new long[100];
            for (var i = 0; i < sequences[writer].Length; i++)
            {
                if (writer == 0 && i % 10 == 5)
                {
                    proxy.LoseNextReply();
                }

                sequences[writer][i] = await store.AddFrameAsync(Make.Frame(session.Id, (writer * 1000) + i), Ct);
            }
        }));

        Assert.InRange(proxy.Lost, 1, Losses);
        Assert.Equal(Enumerable.Range(0, 800).Select(i => (long)i), sequences.SelectMany(own => own).Order());
        Assert.All(sequences, own => Assert.Equal(own.Order(), own));
        Assert.Equal(800, await store.CountFramesAsync(session.Id, Ct));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task Append_ForASessionByWhoKnowsAnEarlierOneOfItsId_ReplyLost_IsStoredOnceAtItsPlace(int framesOfNow)
    {
        using var proxy = new LossyProxy(_configuration.Split(',')[0]);
        var (store, other) = (await WarmAsync(proxy), Lab.Store());
        var earlier = await other.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(earlier.Id, Make.Frames(earlier.Id, 10), Ct);
        await other.DeleteSessionAsync(earlier.Id, Ct);
        var now = await other.CreateSessionAsync(new Session(earlier.Id, TransportType.Http), Ct);
        await other.AddFramesAsync(now.Id, Make.Frames(now.Id, framesOfNow), Ct);
        IdempotentFrame[] frame = [new(Make.Frame(now.Id, framesOfNow))];

        proxy.LoseNextReply();
        Assert.Equal(framesOfNow, await ((IRepeatableAppends)store).AppendAsync("AddFrame", now.Id, frame, now.Generation, since: -1, Ct));

        Assert.Equal(1, proxy.Lost);
        Make.AssertNumbered(await other.GetFramesAsync(now.Id, cancellationToken: Ct).ToListAsync(Ct), 0, framesOfNow + 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Append_PushedAndReadByOthersWithItsReplyLost_WhoseSessionEndsMeanwhile_IsOfUnknownOutcomeAndInNoOther(bool isUsedAnew)
    {
        using var proxy = new LossyProxy(_configuration.Split(',')[0]);
        var other = Lab.Store();
        var store = Lab.Store(proxy.Configuration, configure: redis =>
        {
            (redis.MaxRetries, redis.BreakerEnabled, redis.OperationTimeout) = (100, false, TimeSpan.FromMinutes(1));
        });
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id, 0), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id, 1), Ct);

        proxy.LoseNextReply(thenCut: true);
        var append = store.AddFrameAsync(Make.Frame(session.Id, 2), Ct).AsTask();
        await Poll.UntilAsync(async () => await other.CountFramesAsync(session.Id, Ct) == 3, "the frame is stored, and others have seen it");
        await Poll.UntilAsync(() => Task.FromResult(proxy.Lost == 1), "its reply is lost");
        Assert.True(await other.DeleteSessionAsync(session.Id, Ct));
        if (isUsedAnew)
        {
            await other.CreateSessionAsync(new Session(session.Id, TransportType.Http), Ct);
        }

        proxy.Mend();

        Assert.True((await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => append)).OutcomeUnknown);
        if (isUsedAnew)
        {
            Assert.Equal(0, await other.CountFramesAsync(session.Id, Ct));
            Assert.Equal(0, await store.AddFrameAsync(Make.Frame(session.Id, 0), Ct));
        }
        else
        {
            await Assert.ThrowsAsync<SessionNotFoundException>(() => store.AddFrameAsync(Make.Frame(session.Id, 0), Ct).AsTask());
        }
    }

    [Fact]
    public async Task CreateUpdateDelete_ReplyLost_HappenOnce()
    {
        using var proxy = new LossyProxy(_configuration.Split(',')[0]);
        var store = await WarmAsync(proxy);

        proxy.LoseNextReply();
        var created = await store.CreateSessionAsync(Make.Session(), Ct);
        Assert.Equal(1, created.Version);

        proxy.LoseNextReply();
        var updated = await store.UpdateSessionAsync(created.AsClosed(SessionStatus.Completed), Ct);
        Assert.Equal((2, SessionStatus.Completed), (updated.Version, updated.Status));

        proxy.LoseNextReply();
        Assert.True(await store.DeleteSessionAsync(created.Id, Ct));
        Assert.Null(await store.GetSessionAsync(created.Id, Ct));
        Assert.Equal(3, proxy.Lost);
    }

    [Fact]
    public async Task Write_ReplyLostAndThenNobodyThere_MayHaveBeenDone()
    {
        using var proxy = new LossyProxy(_configuration.Split(',')[0]);
        var store = await WarmAsync(proxy);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);

        foreach (var write in (Func<Task>[])
            [
                () => store.AddFrameAsync(Make.Frame(session.Id), Ct).AsTask(),
                () => store.UpdateSessionAsync(session, Ct).AsTask(),
                () => store.DeleteSessionAsync(session.Id, Ct).AsTask(),
            ])
        {
            proxy.LoseNextReply(thenCut: true);
            Assert.True((await Assert.ThrowsAsync<SessionStoreUnavailableException>(write)).OutcomeUnknown);
            Assert.False((await Assert.ThrowsAsync<SessionStoreUnavailableException>(write)).OutcomeUnknown);
            proxy.Mend();
            await Poll.UntilAsync(async () => await Record.ExceptionAsync(() => store.CountSessionsAsync(Ct).AsTask()) is null, "the store is connected again");
        }

        Assert.Equal(3, proxy.Lost);
    }

    /// <summary>A store behind the proxy whose scripts the server knows, so that they are sent by EVALSHA.</summary>
    private async Task<RedisSessionStore> WarmAsync(LossyProxy proxy)
    {
        var store = Lab.Store(proxy.Configuration);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        await store.UpdateSessionAsync(session, Ct);
        await store.DeleteSessionAsync(session.Id, Ct);
        return store;
    }
}
