namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="ISessionStore.CountSessionsAsync"/> promises.</summary>
internal sealed class CountSessionsConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Fact]
    public async Task Count_SessionsComeAndGo_IsExact()
    {
        var store = await StoreAsync();
        Assert.Equal(0, await store.CountSessionsAsync(Ct));

        var created = await CreatedAsync(store, Make.Sessions(300));
        Assert.Equal(300, await store.CountSessionsAsync(Ct));

        await store.AddFrameAsync(Make.Frame(created[0].Id), Ct);
        await store.UpdateSessionAsync(created[0].AsClosed(SessionStatus.Completed), Ct);
        await store.CreateSessionAsync(created[1], Ct);
        Assert.Equal(300, await store.CountSessionsAsync(Ct));

        foreach (var session in created.Take(120))
        {
            await store.DeleteSessionAsync(session.Id, Ct);
        }

        Assert.Equal(180, await store.CountSessionsAsync(Ct));
        Assert.Equal(180, await (await StoreAsync()).CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Count_SomeExpired_CountsTheOthers()
    {
        var store = await StoreAsync();
        await CreatedAsync(store, Make.Sessions(4));
        var brief = await CreatedAsync(store, Make.Sessions(7).Select(session => session with { TimeToLive = Brief }));

        await PassAsync(brief.Max(session => session.ExpiresAt));

        Assert.Equal(4, await store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Count_DeadlineMovedByActivity_StillCountsTheSession()
    {
        var store = await StoreAsync();
        var created = await InTimeAsync(async timeToLive =>
        {
            var session = await store.CreateSessionAsync(Make.Session() with { TimeToLive = timeToLive }, Ct);
            await store.UpdateSessionAsync(session with { TimeToLive = Lasting }, Ct);
            return session;
        });
        Assert.True(await store.TouchSessionAsync(created.Id, Ct));

        await PassAsync(created.ExpiresAt);

        Assert.Equal(1, await store.CountSessionsAsync(Ct));
        Assert.Equal(0, await store.ReapExpiredSessionsAsync(Ct));
        Assert.Equal(1, await store.CountSessionsAsync(Ct));
        Assert.Single(await ListedAsync(store));
    }

    [Fact]
    public async Task Count_MoreThanAPageOfThem_IsExact()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, Make.Sessions(1010));
        await store.DeleteSessionAsync(created[500].Id, Ct);

        Assert.Equal(1009, await store.CountSessionsAsync(Ct));
    }
}
