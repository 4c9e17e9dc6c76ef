namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="ISessionStore.DeleteSessionAsync"/> promises.</summary>
internal sealed class DeleteSessionConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Fact]
    public async Task Delete_LiveSession_IsTrueOnce()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store);

        Assert.True(await store.DeleteSessionAsync(created.Id, Ct));
        Assert.False(await store.DeleteSessionAsync(created.Id, Ct));
        Assert.False(await (await StoreAsync()).DeleteSessionAsync(created.Id, Ct));
    }

    [Fact]
    public async Task Delete_NoSuchSession_IsFalse()
    {
        var store = await StoreAsync();
        await CreatedAsync(store);

        Assert.False(await store.DeleteSessionAsync(SessionId.New(), Ct));
        Assert.Equal(1, await store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Delete_SessionWithFrames_TakesEverythingWithIt()
    {
        var store = await StoreAsync();
        var kept = await CreatedAsync(store, frames: 2);
        var created = await CreatedAsync(store, frames: 2500);

        Assert.True(await store.DeleteSessionAsync(created.Id, Ct));

        Assert.Null(await store.GetSessionAsync(created.Id, Ct));
        Assert.Equal(1, await store.CountSessionsAsync(Ct));
        Assert.Equal(kept.Id, Assert.Single(await ListedAsync(store)).Id);
        await NotFoundAsync(created.Id, "GetFrames", async () => await ReadAsync(store, created.Id));
        await NotFoundAsync(created.Id, "CountFrames", async () => await store.CountFramesAsync(created.Id, Ct));
        await NotFoundAsync(created.Id, "DeleteFrames", async () => await store.DeleteFramesAsync(created.Id, cancellationToken: Ct));
        Assert.False(await store.TouchSessionAsync(created.Id, Ct));
        Make.AssertNumbered(await ReadAsync(store, kept.Id), 0, 2);
    }

    [Fact]
    public async Task Delete_LastSession_LeavesNothingOfAny()
    {
        var store = await StoreAsync();
        var first = await CreatedAsync(store, frames: 3);
        var second = await CreatedAsync(store);
        await store.UpdateSessionAsync(first with { Tags = ["x"] }, Ct);

        await store.DeleteSessionAsync(first.Id, Ct);
        await store.DeleteSessionAsync(second.Id, Ct);
        await Assert.ThrowsAsync<SessionNotFoundException>(async () => await store.AddFrameAsync(Make.Frame(first.Id), Ct));
        await store.TouchSessionAsync(first.Id, Ct);

        Assert.Empty(await Harness.LeftoversAsync());
    }

    [Fact]
    public async Task Delete_ThenAppend_LeavesNothing()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, frames: 2);
        await store.DeleteSessionAsync(created.Id, Ct);

        await NotFoundAsync(created.Id, "AddFrame", async () => await store.AddFrameAsync(Make.Frame(created.Id), Ct));
        await NotFoundAsync(created.Id, "AddFrames", async () => await store.AddFramesAsync(created.Id, Make.Frames(created.Id, 3), Ct));

        await NotFoundAsync(created.Id, "CountFrames", async () => await store.CountFramesAsync(created.Id, Ct));
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
        await store.CreateSessionAsync(new Session(created.Id, TransportType.Http), Ct);
        Assert.Equal(0, await store.CountFramesAsync(created.Id, Ct));
        Assert.Empty(await ReadAsync(store, created.Id));
    }

    [Fact]
    public async Task Delete_WhileItsFramesAreRead_EndsTheReading()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, frames: 3000);
        await using var frames = store.GetFramesAsync(created.Id, default, Ct).GetAsyncEnumerator(Ct);
        Assert.True(await frames.MoveNextAsync());
        await store.DeleteSessionAsync(created.Id, Ct);

        await NotFoundAsync(created.Id, "GetFrames", async () =>
        {
            while (await frames.MoveNextAsync())
            {
                // What was read ahead may still come.
            }
        });
    }

    [Fact]
    public async Task Delete_ThenCreateAnewWhileFramesAreRead_NeverMixesTheTwo()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, frames: 3000);
        await using var frames = store.GetFramesAsync(created.Id, default, Ct).GetAsyncEnumerator(Ct);
        Assert.True(await frames.MoveNextAsync());
        await store.DeleteSessionAsync(created.Id, Ct);
        await store.CreateSessionAsync(new Session(created.Id, TransportType.Http), Ct);
        foreach (var batch in Make.Frames(created.Id, 4000, first: 100_000).Chunk(1000))
        {
            await store.AddFramesAsync(created.Id, batch, Ct);
        }

        await Assert.ThrowsAsync<SessionNotFoundException>(async () =>
        {
            while (await frames.MoveNextAsync())
            {
                Assert.InRange(Make.Number(frames.Current), 0, 2999);
            }
        });
    }
}
