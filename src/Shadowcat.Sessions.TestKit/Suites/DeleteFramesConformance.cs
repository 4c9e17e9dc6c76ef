namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="ISessionStore.DeleteFramesAsync"/> promises.</summary>
internal sealed class DeleteFramesConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Fact]
    public async Task DeleteFrames_UpToASequence_KeepsTheRestAndGoesOnCounting()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 10);

        Assert.Equal(0, await store.DeleteFramesAsync(session.Id, 0, Ct));
        await AssertKeptAsync(store, session.Id, 0, 10);
        Assert.Equal(4, await store.DeleteFramesAsync(session.Id, 4, Ct));
        await AssertKeptAsync(store, session.Id, 4, 6);
        Assert.Equal(0, await store.DeleteFramesAsync(session.Id, 3, Ct));
        Assert.Equal(0, await store.DeleteFramesAsync(session.Id, 4, Ct));
        Assert.Equal(1, await store.DeleteFramesAsync(session.Id, 5, Ct));
        await AssertKeptAsync(store, session.Id, 5, 5);

        Assert.Equal(10, await store.AddFrameAsync(Make.Frame(session.Id, 10), Ct));
        await AssertKeptAsync(store, session.Id, 5, 6);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(10L)]
    [InlineData(11L)]
    [InlineData(1L << 53)]
    [InlineData(long.MaxValue)]
    public async Task DeleteFrames_All_KeepsTheSessionAndGoesOnCounting(long? beforeSequence)
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 10);
        var before = await GottenAsync(store, session.Id);

        Assert.Equal(10, await store.DeleteFramesAsync(session.Id, beforeSequence, Ct));

        Assert.Equal(before with { FirstSequence = 10 }, await store.GetSessionAsync(session.Id, Ct));
        Assert.Empty(await ReadAsync(store, session.Id));
        Assert.Equal(0, await store.CountFramesAsync(session.Id, Ct));
        Assert.Equal(0, await store.DeleteFramesAsync(session.Id, beforeSequence, Ct));
        Assert.Equal(10, await store.AddFrameAsync(Make.Frame(session.Id, 10), Ct));
        await AssertKeptAsync(store, session.Id, 10, 1);
    }

    [Fact]
    public async Task DeleteFrames_UpToASequenceOnceMore_TakesNothingThatCameSince()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 6);
        Assert.Equal(6, await store.DeleteFramesAsync(session.Id, 6, Ct));
        await store.AddFrameAsync(Make.Frame(session.Id, 6), Ct);

        Assert.Equal(0, await store.DeleteFramesAsync(session.Id, 6, Ct));
        Assert.Equal(0, await (await StoreAsync()).DeleteFramesAsync(session.Id, 6, Ct));

        await AssertKeptAsync(store, session.Id, 6, 1);
    }

    [Fact]
    public async Task DeleteFrames_OfTheNextLife_TakesOnlyWhatThatHas()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 6);
        await store.DeleteFramesAsync(session.Id, 2, Ct);
        await store.DeleteSessionAsync(session.Id, Ct);
        await (await StoreAsync()).CreateSessionAsync(new Session(session.Id, TransportType.Stdio), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 3), Ct);

        Assert.Equal(1, await store.DeleteFramesAsync(session.Id, 1, Ct));

        await AssertKeptAsync(store, session.Id, 1, 2);
    }

    [Fact]
    public async Task DeleteFrames_NoFrames_DeletesNone()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);

        Assert.Equal(0, await store.DeleteFramesAsync(session.Id, cancellationToken: Ct));
        Assert.Equal(0, await store.DeleteFramesAsync(session.Id, 100, Ct));

        Assert.Equal(session, await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(session.Id), Ct));
    }

    [Fact]
    public async Task DeleteFrames_IsNoActivityAndLeavesTheVersion()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 3);
        var before = await GottenAsync(store, session.Id);
        await TickAsync();

        await store.DeleteFramesAsync(session.Id, 1, Ct);
        await store.DeleteFramesAsync(session.Id, cancellationToken: Ct);

        Assert.Equal(before with { FirstSequence = 3 }, await store.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task DeleteFrames_NoSuchSession_Throws()
    {
        var store = await StoreAsync();
        var id = SessionId.New();

        await NotFoundAsync(id, "DeleteFrames", async () => await store.DeleteFramesAsync(id, cancellationToken: Ct));
        await NotFoundAsync(id, "DeleteFrames", async () => await store.DeleteFramesAsync(id, 0, Ct));
    }
}
