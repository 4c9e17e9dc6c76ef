namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="ISessionStore.FollowFramesAsync"/> promises.</summary>
internal sealed class FollowFramesConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Fact]
    public async Task Follow_FramesThereAndFramesThatCome_YieldsEachOnceInOrder()
    {
        var store = await StoreAsync();
        var writer = await StoreAsync();
        var session = await CreatedAsync(writer, frames: 3);
        await using var frames = Follow(store, session.Id);
        Make.AssertNumbered(await TakeAsync(frames, 3), 0, 3);

        var next = frames.MoveNextAsync();
        Assert.False(next.IsCompleted);
        await writer.AddFrameAsync(Make.Frame(session.Id, 3), Ct);

        Assert.True(await next);
        Make.AssertNumbered([frames.Current], 3, 1);
        await writer.AddFramesAsync(session.Id, Make.Frames(session.Id, 700, first: 4), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id, 704), Ct);
        Make.AssertNumbered(await TakeAsync(frames, 701), 4, 701);
    }

    [Fact]
    public async Task Follow_AnyRange_BeginsThere()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 10);

        await AssertBeginsAsync(store, session.Id, FrameRange.All, 0);
        await AssertBeginsAsync(store, session.Id, FrameRange.From(0), 0);
        await AssertBeginsAsync(store, session.Id, FrameRange.From(7), 7);
        await AssertBeginsAsync(store, session.Id, FrameRange.Last(3), 7);
        await AssertBeginsAsync(store, session.Id, FrameRange.Last(100), 0);
    }

    [Fact]
    public async Task Follow_FromASequenceThatIsStillToCome_WaitsForIt()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 10);
        await using var frames = Follow(store, session.Id, FrameRange.From(12));
        var next = frames.MoveNextAsync();

        await store.AddFrameAsync(Make.Frame(session.Id, 10), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 4, first: 11), Ct);

        Assert.True(await next);
        Make.AssertNumbered([frames.Current, .. await TakeAsync(frames, 2)], 12, 3);
    }

    [Fact]
    public async Task Follow_FromTheEnd_YieldsOnlyWhatComes()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 10);
        await using var frames = Follow(store, session.Id, FrameRange.Last(0));
        var next = frames.MoveNextAsync().AsTask();
        var end = 10;

        // When the following has begun, only the first frame shows.
        while (!next.IsCompleted)
        {
            await store.AddFrameAsync(Make.Frame(session.Id, end++), Ct);
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct));
        }

        Assert.True(await next);
        var first = (int)frames.Current.Sequence;
        Assert.InRange(first, 10, end - 1);
        Make.AssertNumbered([frames.Current, .. await TakeAsync(frames, end - first - 1)], first, end - first);
    }

    [Fact]
    public async Task Follow_Count_EndsAfterSoMany()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 4);

        Make.AssertNumbered(await FollowedAsync(store, session.Id, FrameRange.From(1, 2)), 1, 2);
        Assert.Empty(await FollowedAsync(store, session.Id, FrameRange.From(1, 0)));
        var followed = FollowedAsync(store, session.Id, FrameRange.From(3, 3));
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 4, first: 4), Ct);
        Make.AssertNumbered(await followed, 3, 3);
    }

    [Fact]
    public async Task Follow_ClosedSession_YieldsWhatIsThereAndEnds()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 600);
        await CloseAsync(store, session.Id);

        Make.AssertNumbered(await FollowedAsync(store, session.Id), 0, 600);
        Make.AssertNumbered(await FollowedAsync(store, session.Id, FrameRange.Last(2)), 598, 2);
        Assert.Empty(await FollowedAsync(store, session.Id, FrameRange.From(700)));
    }

    [Fact]
    public async Task Follow_SessionCloses_EndsAfterItsLastFrame()
    {
        var store = await StoreAsync();
        var writer = await StoreAsync();
        var session = await CreatedAsync(writer, frames: 1);
        await using var frames = Follow(store, session.Id);
        await TakeAsync(frames, 1);
        var next = frames.MoveNextAsync();

        await writer.AddFrameAsync(Make.Frame(session.Id, 1), Ct);
        await CloseAsync(writer, session.Id);

        Assert.True(await next);
        Make.AssertNumbered([frames.Current], 1, 1);
        Assert.False(await frames.MoveNextAsync());
    }

    [Fact]
    public async Task Follow_WaitingWhenTheSessionCloses_Ends()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 1);
        await using var frames = Follow(store, session.Id);
        await TakeAsync(frames, 1);
        var next = frames.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);

        await CloseAsync(await StoreAsync(), session.Id);

        Assert.False(await next);
    }

    [Fact]
    public async Task Follow_SessionIsUpdatedButNotClosed_GoesOn()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 1);
        await using var frames = Follow(store, session.Id);
        await TakeAsync(frames, 1);
        var next = frames.MoveNextAsync();

        await store.UpdateSessionAsync(session.Id, current => current with { State = SessionState.ShuttingDown, CloseReason = "soon" }, Ct);
        await store.TouchSessionAsync(session.Id, Ct);
        await store.AddFrameAsync(Make.Frame(session.Id, 1), Ct);

        Assert.True(await next);
        Make.AssertNumbered([frames.Current], 1, 1);
    }

    [Fact]
    public async Task Follow_NoSuchSession_Throws()
    {
        var store = await StoreAsync();
        var id = SessionId.New();

        foreach (var range in new[] { FrameRange.All, FrameRange.From(5), FrameRange.From(0, 0), FrameRange.Last(0) })
        {
            await NotFoundAsync(id, "FollowFrames", () => FollowedAsync(store, id, range));
        }
    }

    [Fact]
    public async Task Follow_SessionIsDeleted_Throws()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 1);
        await using var frames = Follow(store, session.Id);
        await TakeAsync(frames, 1);
        var next = frames.MoveNextAsync().AsTask();

        await (await StoreAsync()).DeleteSessionAsync(session.Id, Ct);

        await NotFoundAsync(session.Id, "FollowFrames", () => next);
    }

    [Fact]
    public async Task Follow_SessionIsDeletedAndItsIdUsedAgain_ThrowsAndYieldsNothingOfTheNewOne()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 1);
        await using var frames = Follow(store, session.Id);
        await TakeAsync(frames, 1);

        await store.DeleteSessionAsync(session.Id, Ct);
        await store.CreateSessionAsync(new Session(session.Id, TransportType.Stdio), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 5), Ct);

        await NotFoundAsync(session.Id, "FollowFrames", async () => await frames.MoveNextAsync());
    }

    [Fact]
    public async Task Follow_SessionExpires_Throws()
    {
        var store = await StoreAsync();
        var (session, frames) = await InTimeAsync(async timeToLive =>
        {
            var created = await store.CreateSessionAsync(Make.Session() with { TimeToLive = timeToLive }, Ct);
            await store.AddFrameAsync(Make.Frame(created.Id), Ct);
            var followed = Follow(store, created.Id);
            await TakeAsync(followed, 1);
            return (await GottenAsync(store, created.Id), followed);
        });
        await using var following = frames;
        var next = frames.MoveNextAsync().AsTask();

        await PassAsync(session.ExpiresAt);

        await NotFoundAsync(session.Id, "FollowFrames", () => next);
    }

    [Fact]
    public async Task Follow_SessionLivesLongerThanAnyTimer_YieldsWhatComes()
    {
        var store = await StoreAsync();
        var session = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromDays(3650) }, Ct);
        await using var frames = Follow(store, session.Id);
        var next = frames.MoveNextAsync();

        await store.AddFrameAsync(Make.Frame(session.Id), Ct);

        Assert.True(await next);
        Make.AssertNumbered([frames.Current], 0, 1);
    }

    [Fact]
    public async Task Follow_IsNoActivity()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 1);
        session = await GottenAsync(store, session.Id);
        await TickAsync();
        await using var frames = Follow(store, session.Id);

        await TakeAsync(frames, 1);

        Assert.Equal(session, await GottenAsync(store, session.Id));
    }

    [Fact]
    public async Task Follow_FramesTrimmed_ThrowsInsteadOfSkipping()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 10);
        await using var frames = Follow(store, session.Id);
        await TakeAsync(frames, 10);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 5, first: 10), Ct);
        await store.DeleteFramesAsync(session.Id, 12, Ct);

        await AssertTrimmedAsync(session.Id, 10, 12, async () => await frames.MoveNextAsync());
        await AssertTrimmedAsync(session.Id, 11, 12, () => FollowedAsync(store, session.Id, FrameRange.From(11)));
        Assert.Empty(await FollowedAsync(store, session.Id, FrameRange.From(11, 0)));
        await AssertBeginsAsync(store, session.Id, FrameRange.All, 12);
    }

    [Fact]
    public async Task Follow_WhatWasReadIsTrimmed_GoesOn()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 10);
        await using var frames = Follow(store, session.Id);
        await TakeAsync(frames, 10);

        await store.DeleteFramesAsync(session.Id, cancellationToken: Ct);
        await store.AddFrameAsync(Make.Frame(session.Id, 10), Ct);

        Make.AssertNumbered(await TakeAsync(frames, 1), 10, 1);
    }

    [Fact]
    public async Task Follow_Cancelled_Ends()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 1);
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await using var frames = store.FollowFramesAsync(session.Id, cancellationToken: cancelling.Token).GetAsyncEnumerator(Ct);
        Assert.True(await frames.MoveNextAsync());
        var next = frames.MoveNextAsync().AsTask();

        await cancelling.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Follow_ManyFollowersAndWriters_EachFollowerGetsAllInTheSameOrder()
    {
        const int Writers = 4;
        const int Each = 200;
        var store = await StoreAsync();
        var other = await StoreAsync();
        var sessions = await CreatedAsync(store, Make.Sessions(2));
        var followed = sessions.SelectMany(session => new[] { store, store, other }.Select(follower => FollowedAsync(follower, session.Id))).ToList();

        await Task.WhenAll(sessions.SelectMany(session => Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = 0; i < Each; i++)
            {
                await (writer % 2 == 0 ? store : other).AddFrameAsync(Make.Frame(session.Id, (writer * Each) + i), Ct);
            }
        })));
        await Task.WhenAll(sessions.Select(session => CloseAsync(store, session.Id)));

        var all = await Task.WhenAll(followed);
        Assert.All(all, frames => Assert.Equal(Enumerable.Range(0, Writers * Each).Select(sequence => (long)sequence), frames.Select(frame => frame.Sequence)));
        Assert.All(all.Chunk(3), same => Assert.All(same, frames => Assert.Equal(same[0], frames)));
        Assert.All(all, frames => Assert.Equal(Enumerable.Range(0, Writers * Each), frames.Select(Make.Number).Order()));
    }

    private static IAsyncEnumerator<MessageEnvelope> Follow(ISessionStore store, SessionId id, FrameRange range = default) =>
        store.FollowFramesAsync(id, range, Ct).GetAsyncEnumerator(Ct);

    /// <summary>Follows until it ends by itself.</summary>
    private static async Task<IReadOnlyList<MessageEnvelope>> FollowedAsync(ISessionStore store, SessionId id, FrameRange range = default) =>
        await store.FollowFramesAsync(id, range, Ct).ToListAsync(Ct);

    private static async Task<IReadOnlyList<MessageEnvelope>> TakeAsync(IAsyncEnumerator<MessageEnvelope> frames, int count)
    {
        var taken = new List<MessageEnvelope>();
        while (taken.Count < count)
        {
            Assert.True(await frames.MoveNextAsync());
            taken.Add(frames.Current);
        }

        return taken;
    }

    private static async Task AssertBeginsAsync(ISessionStore store, SessionId id, FrameRange range, long first)
    {
        await using var frames = Follow(store, id, range);
        Assert.True(await frames.MoveNextAsync());
        Assert.Equal(first, frames.Current.Sequence);
    }

    private async Task AssertTrimmedAsync(SessionId id, long requested, long first, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<FramesTrimmedException>(call);
        Assert.Equal((id, NameOf("FollowFrames")), (exception.SessionId, exception.Operation));
        Assert.Equal((requested, first), (exception.RequestedSequence, exception.FirstSequence));
    }

    private static async Task CloseAsync(ISessionStore store, SessionId id) =>
        await store.CloseSessionAsync(id, cancellationToken: Ct);
}
