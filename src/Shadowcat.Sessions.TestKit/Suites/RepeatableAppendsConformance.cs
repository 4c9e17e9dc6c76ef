namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="IRepeatableAppends"/> promises to whoever does not know what became of an append, or for how long its session lived.</summary>
[Capability(typeof(IRepeatableAppends))]
internal sealed class RepeatableAppendsConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Fact]
    public async Task Append_ForTheGenerationThatLives_IsStored()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 2);

        Assert.Equal(2, await AppendAsync(store, session, Keyed(session.Id, 2, 3)));
        Assert.Equal(5, await AppendAsync(await StoreAsync(), session, Keyed(session.Id, 5, 1)));

        Make.AssertNumbered(await ReadAsync(store, session.Id), 0, 6);
    }

    [Fact]
    public async Task Append_ForNoGeneration_GoesToTheSessionThatHasTheId()
    {
        var store = await StoreAsync();
        var next = await NextLifeAsync(store, await CreatedAsync(store, frames: 2));

        Assert.Equal(0, await AppendAsync(store, next with { Generation = Guid.Empty }, Keyed(next.Id, 0, 2)));

        Make.AssertNumbered(await ReadAsync(store, next.Id), 0, 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Append_ForAGenerationThatWasDeleted_LandsInNoOther(bool isKnown)
    {
        var store = await StoreAsync();
        var old = await CreatedAsync(store, frames: 3);
        var next = await NextLifeAsync(isKnown ? store : await StoreAsync(), old);
        var before = await GottenAsync(store, next.Id);
        await TickAsync();

        await NotFoundAsync(old.Id, "AddFrames", () => AppendAsync(store, old, Keyed(old.Id, 3, 2)));

        Assert.Equal(before, await store.GetSessionAsync(next.Id, Ct));
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(next.Id, 0), Ct));
        Make.AssertNumbered(await ReadAsync(store, next.Id), 0, 1);
    }

    [Fact]
    public async Task Append_ForAGenerationThatExpired_LandsInNoOther()
    {
        var store = await StoreAsync();
        var old = await CreatedAsync(store, frames: 3);
        await store.UpdateSessionAsync(old with { TimeToLive = Brief }, Ct);
        await store.TouchSessionAsync(old.Id, Ct);
        await Harness.ElapseAsync(Brief * 2);
        var next = await (await StoreAsync()).CreateSessionAsync(new Session(old.Id, TransportType.Stdio), Ct);

        await NotFoundAsync(old.Id, "AddFrames", () => AppendAsync(store, old, Keyed(old.Id, 3, 2)));

        Assert.Equal(next, await store.GetSessionAsync(old.Id, Ct));
        Assert.Empty(await ReadAsync(store, old.Id));
    }

    [Fact]
    public async Task Append_NoSuchSession_IsRefusedAndLeavesNothing()
    {
        var store = await StoreAsync();
        var session = Make.Session();

        await NotFoundAsync(session.Id, "AddFrames", () => AppendAsync(store, session, Keyed(session.Id, 0, 1)));
        await NotFoundAsync(session.Id, "AddFrames", () => AppendAsync(store, session, Keyed(session.Id, 0, 1), since: 0));

        Assert.Empty(await Harness.LeftoversAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Repeated_StoredBefore_IsFoundWhereItStands(long since)
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 3);
        var frames = Keyed(session.Id, 3, 2);
        Assert.Equal(3, await AppendAsync(store, session, frames));
        await store.AddFrameAsync(Make.Frame(session.Id, 5), Ct);

        Assert.Equal(3, await AppendAsync(store, session, frames, since));
        Assert.Equal(3, await AppendAsync(await StoreAsync(), session, frames, since));

        Assert.Equal(6, await store.AddFrameAsync(Make.Frame(session.Id, 6), Ct));
        Make.AssertNumbered(await ReadAsync(store, session.Id), 0, 7);
    }

    [Fact]
    public async Task Repeated_NotStoredBefore_IsStoredOnce()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 3);
        var frames = Keyed(session.Id, 4, 2);
        await store.AddFrameAsync(Make.Frame(session.Id, 3), Ct);

        Assert.Equal(4, await AppendAsync(store, session, frames, since: 3));
        Assert.Equal(4, await AppendAsync(await StoreAsync(), session, frames, since: 3));

        Make.AssertNumbered(await ReadAsync(store, session.Id), 0, 6);
    }

    [Fact]
    public async Task Repeated_LooksLikeOthers_IsToldFromThem()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        var (mine, twin) = (Keyed(session.Id, 0, 1), Keyed(session.Id, 0, 1));
        await AppendAsync(store, session, twin);

        Assert.Equal(1, await AppendAsync(store, session, mine, since: 0));
        Assert.Equal(0, await AppendAsync(store, session, twin, since: 0));

        Assert.Equal(2, await store.CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Repeated_FramesGoneFromThereOn_IsSaidToBeUncertain()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 3);
        var frames = Keyed(session.Id, 3, 1);
        await AppendAsync(store, session, frames);
        await store.DeleteFramesAsync(session.Id, cancellationToken: Ct);

        var uncertain = await Assert.ThrowsAsync<FramesTrimmedException>(() => AppendAsync(store, session, frames, since: 3));

        Assert.Equal((3, 4), (uncertain.RequestedSequence, uncertain.FirstSequence));
        Assert.Empty(await ReadAsync(store, session.Id));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 0)]
    [InlineData(3, 10)]
    public async Task Repeated_InTheNextLife_LandsInNone(long since, long firstSequence)
    {
        var store = await StoreAsync();
        var old = await CreatedAsync(store, frames: 3);
        var frames = Keyed(old.Id, 3, 1);
        await AppendAsync(store, old, frames);
        var next = await NextLifeAsync(store, old, firstSequence);

        await NotFoundAsync(old.Id, "AddFrames", () => AppendAsync(store, old, frames, since));

        Assert.Equal(next, await store.GetSessionAsync(old.Id, Ct));
        Assert.Empty(await ReadAsync(store, old.Id));
    }

    private static async Task<Session> NextLifeAsync(ISessionStore store, Session old, long firstSequence = 0)
    {
        Assert.True(await store.DeleteSessionAsync(old.Id, Ct));
        return await store.CreateSessionAsync(new Session(old.Id, TransportType.Stdio), firstSequence, Ct);
    }

    private static IdempotentFrame[] Keyed(SessionId id, int first, int count) => [.. Make.Frames(id, count, first).Select(IdempotentFrame.Copy)];

    private static Task<long> AppendAsync(ISessionStore store, Session session, IdempotentFrame[] frames, long since = -1) =>
        Assert.IsAssignableFrom<IRepeatableAppends>(store).AppendAsync("AddFrames", session.Id, frames, session.Generation, since, Ct).AsTask();
}
