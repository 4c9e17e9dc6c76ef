namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="ISessionStore.ReapExpiredSessionsAsync"/> promises of what is left of sessions that ended.</summary>
internal sealed class ReapSessionsConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Fact]
    public async Task Reap_ThousandExpiredSessions_LeavesNothing()
    {
        var store = await StoreAsync();
        var expired = await ManyExpiredAsync(store, 1000);
        await store.AddFrameAsync(Make.Frame((await CreatedAsync(store)).Id), Ct);

        Assert.Equal(1, await store.CountSessionsAsync(Ct));
        var kept = Assert.Single(await ListedAsync(store));
        Assert.DoesNotContain(kept.Id, expired);
        await store.ReapExpiredSessionsAsync(Ct);

        Assert.Equal(1, await store.CountSessionsAsync(Ct));
        Assert.Single(await ReadAsync(store, kept.Id));
        await store.DeleteSessionAsync(kept.Id, Ct);
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
        Assert.Empty(await Harness.LeftoversAsync());
    }

    [Fact]
    public async Task Reap_ThousandExpiredSessions_LeavesNoKey()
    {
        var store = await StoreAsync();
        await ManyExpiredAsync(store, 1000);

        Assert.Equal(0, await store.CountSessionsAsync(Ct));
        Assert.Empty(await ListedAsync(store));
        await store.ReapExpiredSessionsAsync(Ct);

        Assert.Equal(0, await store.CountSessionsAsync(Ct));
        Assert.Empty(await Harness.LeftoversAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Expired_AfterAnAppend_TakesItsFramesWithIt(bool hadFramesBefore)
    {
        var store = await StoreAsync();
        var session = await InTimeAsync(async timeToLive =>
        {
            var created = await CreatedAsync(store, frames: hadFramesBefore ? 3 : 0);
            await store.UpdateSessionAsync(created with { TimeToLive = timeToLive }, Ct);
            await store.AddFrameAsync(Make.Frame(created.Id), Ct);
            return await GottenAsync(store, created.Id);
        });

        await PassAsync(session.ExpiresAt);

        Assert.Null(await store.GetSessionAsync(session.Id, Ct));
        await store.ReapExpiredSessionsAsync(Ct);
        Assert.Empty(await Harness.LeftoversAsync());
    }

    [Fact]
    public async Task Reap_BySeveralStoresAtOnce_ReclaimsAndTellsEachSessionOnce()
    {
        var one = new RecordingListener();
        var two = new RecordingListener();
        var first = await StoreAsync(null, one, two);
        var second = await StoreAsync(null, one, two);
        await CreatedAsync(first, Make.Sessions(3));
        var deleted = await first.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromSeconds(1) }, Ct);
        Assert.True(await first.DeleteSessionAsync(deleted.Id, Ct));
        var expired = await ManyExpiredAsync(first, 400);
        await PassAsync(deleted.ExpiresAt);

        var reaped = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? first : second).ReapExpiredSessionsAsync(Ct).AsTask()));

        Assert.Equal(400, reaped.Sum());
        Assert.Equal(expired.Order(), one.Notified.Order());
        Assert.Equal(expired.Order(), two.Notified.Order());
        Assert.Equal(0, await first.ReapExpiredSessionsAsync(Ct));
        Assert.Equal(0, await second.ReapExpiredSessionsAsync(Ct));
        Assert.Equal(400, one.Notified.Count);
        Assert.Equal(3, await first.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Reap_CountedBefore_StillTellsEachSessionOnce()
    {
        var listener = new RecordingListener();
        var store = await StoreAsync(null, listener);
        var expired = await ManyExpiredAsync(store, 50);

        Assert.Equal(0, await store.CountSessionsAsync(Ct));
        Assert.Empty(await ListedAsync(store));
        Assert.Null(await store.GetSessionAsync(expired[0], Ct));
        await store.ReapExpiredSessionsAsync(Ct);

        Assert.Equal(expired.Order(), listener.Notified.Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reap_ListenerThrows_TellsTheOthersAllTheSame(bool inTheCall)
    {
        var listener = new RecordingListener();
        var store = await StoreAsync(null, new ThrowingListener(inTheCall), listener, new ThrowingListener(inTheCall));
        var expired = await ManyExpiredAsync(store, 5);

        Assert.Equal(5, await store.ReapExpiredSessionsAsync(Ct));

        Assert.Equal(expired.Order(), listener.Notified.Order());
        Assert.Empty(await Harness.LeftoversAsync());
    }

    [Fact]
    public async Task Reap_NothingExpired_ReclaimsNone()
    {
        var listener = new RecordingListener();
        var store = await StoreAsync(null, listener);
        Assert.Equal(0, await store.ReapExpiredSessionsAsync(Ct));
        var session = await CreatedAsync(store, frames: 2);

        Assert.Equal(0, await store.ReapExpiredSessionsAsync(Ct));

        Assert.Empty(listener.Notified);
        Assert.Equal(2, await store.CountFramesAsync(session.Id, Ct));
    }

    private async Task<IReadOnlyList<SessionId>> ManyExpiredAsync(ISessionStore store, int count)
    {
        var created = await CreatedAsync(store, Make.Sessions(count).Select(session => session with { TimeToLive = Brief }));
        await PassAsync(created.Max(session => session.ExpiresAt));
        return [.. created.Select(session => session.Id)];
    }
}
