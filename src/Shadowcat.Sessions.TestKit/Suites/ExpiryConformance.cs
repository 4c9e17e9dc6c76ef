namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="ISessionStore"/> promises of a session that has ended, and of its id.</summary>
internal sealed class ExpiryConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Fact]
    public async Task Expired_EveryMember_TreatsTheSessionAsAbsent()
    {
        var store = await StoreAsync();
        var session = await ExpiredAsync(store, frames: 3);
        var id = session.Id;

        Assert.Null(await store.GetSessionAsync(id, Ct));
        Assert.Equal([null], await store.GetSessionsAsync([id], Ct));
        Assert.Empty(await ListedAsync(store));
        Assert.Empty((await store.ListSessionPageAsync(cancellationToken: Ct)).Sessions);
        Assert.False(await store.TouchSessionAsync(id, Ct));
        await NotFoundAsync(id, "UpdateSession", async () => await store.UpdateSessionAsync(session with { Tags = ["late"] }, Ct));
        await NotFoundAsync(id, "AddFrame", async () => await store.AddFrameAsync(Make.Frame(id), Ct));
        await NotFoundAsync(id, "AddFrames", async () => await store.AddFramesAsync(id, Make.Frames(id, 2), Ct));
        await NotFoundAsync(id, "GetFrames", async () => await ReadAsync(store, id));
        await NotFoundAsync(id, "CountFrames", async () => await store.CountFramesAsync(id, Ct));
        await NotFoundAsync(id, "DeleteFrames", async () => await store.DeleteFramesAsync(id, cancellationToken: Ct));
        Assert.False(await store.DeleteSessionAsync(id, Ct));
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
        Assert.Null(await store.GetSessionAsync(id, Ct));
    }

    [Fact]
    public async Task Expired_WhileItsFramesAreRead_EndsTheReading()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 3000);
        await using var frames = store.GetFramesAsync(session.Id, default, Ct).GetAsyncEnumerator(Ct);
        Assert.True(await frames.MoveNextAsync());
        await store.UpdateSessionAsync(session with { TimeToLive = Brief }, Ct);
        await store.TouchSessionAsync(session.Id, Ct);
        await Harness.ElapseAsync(Brief * 2);

        await NotFoundAsync(session.Id, "GetFrames", async () =>
        {
            while (await frames.MoveNextAsync())
            {
                // What was read ahead may still come.
            }
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Expired_CreatedAnew_StartsAfresh(bool reapedBefore)
    {
        var store = await StoreAsync();
        var old = await ExpiredAsync(store, frames: 5);
        if (reapedBefore)
        {
            Assert.Equal(1, await store.ReapExpiredSessionsAsync(Ct));
        }

        var created = await store.CreateSessionAsync(new Session(old.Id, TransportType.Stdio), Ct);

        Assert.Equal((1, 0, 0), (created.Version, created.FrameCount, created.FirstSequence));
        Assert.Empty(await ReadAsync(store, old.Id));
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(old.Id, 0), Ct));
        await store.ReapExpiredSessionsAsync(Ct);
        Make.AssertNumbered(await ReadAsync(store, old.Id), 0, 1);
        Assert.Equal(created.Generation, (await GottenAsync(store, old.Id)).Generation);
        Assert.Equal(1, await store.CountSessionsAsync(Ct));
        Assert.Single(await ListedAsync(store));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Expired_SameGenerationCreatedAgain_DoesNotComeBack(bool byMaxLifetime, bool reapedBefore)
    {
        var store = await StoreAsync();
        var session = Make.Session() with { TimeToLive = byMaxLifetime ? Lasting : Brief, MaxLifetime = byMaxLifetime ? Brief : null };
        var created = await store.CreateSessionAsync(session, Ct);
        await PassAsync(created.ExpiresAt);
        if (reapedBefore)
        {
            Assert.Equal(1, await store.ReapExpiredSessionsAsync(Ct));
        }

        await NotFoundAsync(session.Id, "CreateSession", async () => await store.CreateSessionAsync(session, Ct));
        var other = await StoreAsync();
        await NotFoundAsync(session.Id, "CreateSession", async () => await other.CreateSessionAsync(session, firstSequence: 7, Ct));

        Assert.Null(await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
        Assert.Empty(await ListedAsync(store));
    }

    [Fact]
    public async Task Expired_SameGenerationCreatedAgainWhileANewOneLives_IsRefused()
    {
        var store = await StoreAsync();
        var old = Make.Session() with { TimeToLive = Brief };
        await PassAsync((await store.CreateSessionAsync(old, Ct)).ExpiresAt);
        var next = await store.CreateSessionAsync(new Session(old.Id, TransportType.Stdio), Ct);

        await Assert.ThrowsAsync<SessionAlreadyExistsException>(async () => await store.CreateSessionAsync(old, Ct));
        Assert.Equal(next, await store.GetSessionAsync(old.Id, Ct));
        Assert.True(await store.DeleteSessionAsync(old.Id, Ct));

        await NotFoundAsync(old.Id, "CreateSession", async () => await store.CreateSessionAsync(old, Ct));
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
    }
}
