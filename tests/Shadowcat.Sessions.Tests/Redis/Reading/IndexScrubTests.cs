using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>Indexes that a server or a hand took entries out of, or left entries in: count, list and sessions agree again by themselves.</summary>
public sealed class IndexScrubTests(RedisFixture redis) : SharedServerTest(redis)
{
    [Theory]
    [InlineData("touch")]
    [InlineData("update")]
    public async Task Entry_ThatIsMissing_ComesBackByTheNextWrite(string write)
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await Lab.Database.KeyDeleteAsync([Lab.Partition.Active, Lab.Partition.Expiry, Lab.Partition.Index]);

        _ = write == "touch" ? await store.TouchSessionAsync(session.Id, Ct) : (await store.UpdateSessionAsync(session, Ct)).Version > 1;

        Assert.Equal(1, await store.CountSessionsAsync(Ct));
        Assert.Equal(session.Id, Assert.Single(await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct)).Id);
        Assert.True(await Lab.Database.SetContainsAsync(Lab.Partition.Active, session.Id.Value));
    }

    [Theory]
    [InlineData("touch")]
    [InlineData("update")]
    [InlineData("lifetime")]
    [InlineData("append")]
    [InlineData("reap")]
    public async Task Time_ThatIsWrong_IsPutRightByTheNextWrite(string write)
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session() with { CreatedAt = Make.At, TimeToLive = TimeSpan.FromMilliseconds(640_000) }, Ct);
        await Lab.Database.SortedSetAddAsync(Lab.Partition.Index, session.Id.Value, 7);

        await Poll.UntilAsync(
            async () =>
            {
                _ = write switch
                {
                    "touch" => await store.TouchSessionAsync(session.Id, Ct),
                    "update" => (session = await store.UpdateSessionAsync(session, Ct)).Version > 1,
                    "lifetime" => (session = await store.UpdateSessionAsync(session with { TimeToLive = session.TimeToLive + TimeSpan.FromSeconds(1) }, Ct)).Version > 1,
                    "append" => await store.AddFrameAsync(Make.Frame(session.Id), Ct) >= 0,
                    _ => await store.ReapExpiredSessionsAsync(Ct) == 0,
                };
                return await Lab.Database.SortedSetScoreAsync(Lab.Partition.Index, session.Id.Value) == Make.At.ToUnixTimeMilliseconds();
            },
            "the index has the time of creation");

        Assert.Equal([session.Id], await store.ListSessionsAsync(new SessionFilter { CreatedSince = Make.At }, Ct).Select(listed => listed.Id).ToListAsync(Ct));
    }

    [Fact]
    public async Task Sessions_GoneWithoutTheirEntries_AreReapedAndCountedNoMore()
    {
        var store = Lab.Store();
        var sessions = await Task.WhenAll(Make.Sessions(700).Select(session => store.CreateSessionAsync(session, Ct).AsTask()));
        await Lab.Database.KeyDeleteAsync([.. sessions.Take(300).Select(session => Lab.Partition.Session(session.Id))]);

        var reaped = 0L;
        await Poll.UntilAsync(async () => (reaped += await store.ReapExpiredSessionsAsync(Ct)) >= 300, "what is gone is found");

        Assert.Equal(300, reaped);
        Assert.Equal(400, await store.CountSessionsAsync(Ct));
        Assert.Equal(400, await Lab.Database.SetLengthAsync(Lab.Partition.Active));
        Assert.Equal(400, await Lab.Database.SortedSetLengthAsync(Lab.Partition.Index));
    }

    [Theory]
    [InlineData("active")]
    [InlineData("expiry")]
    [InlineData("index")]
    public async Task Index_ThatIsGone_ComesBackByReaping(string which)
    {
        var store = Lab.Store();
        await Task.WhenAll(Make.Sessions(500).Select(session => store.CreateSessionAsync(session, Ct).AsTask()));
        await Lab.Database.KeyDeleteAsync(which == "active" ? Lab.Partition.Active : which == "expiry" ? Lab.Partition.Expiry : Lab.Partition.Index);

        await Poll.UntilAsync(
            async () =>
            {
                Assert.Equal(0, await store.ReapExpiredSessionsAsync(Ct));
                return await store.CountSessionsAsync(Ct) == 500 && (await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct)).Count == 500
                    && await Lab.Database.SetLengthAsync(Lab.Partition.Active) == 500;
            },
            "all indexes have all sessions");
    }
}
