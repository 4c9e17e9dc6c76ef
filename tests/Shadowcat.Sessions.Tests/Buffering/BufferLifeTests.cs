namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>Deleting what waits, remembering what was read, and the end of a buffer.</summary>
public sealed class BufferLifeTests : BufferedStoreTest
{
    [Fact]
    public async Task Delete_OfASessionAcceptedBefore_LeavesNothingThatComesBack()
    {
        for (var i = 0; i < 50; i++)
        {
            var session = Make.Session();
            Store.AcceptSession(session);
            var frames = Store.AcceptFrames(session.Id, Make.Frames(session.Id, 10));

            Assert.True(await Store.DeleteSessionAsync(session.Id, Ct));
            Assert.Equal(0, await frames.Stored);
            Assert.Null(await Store.GetSessionAsync(session.Id, Ct));
        }

        Assert.Equal(1, await Inner.Backend.CountSessionsAsync(Ct));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delete_WhileWhatWasAcceptedWaits_Fails(bool isNoticed)
    {
        Inner.Ail(Ailment.Away);
        var session = Make.Session();
        var created = Store.AcceptSession(session);
        if (isNoticed)
        {
            await OutageAsync();
        }

        var failure = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => Store.DeleteSessionAsync(session.Id, Ct).AsTask());

        Assert.Equal(("DeleteSession", false), (failure.Operation, failure.OutcomeUnknown));
        Inner.Ail(Ailment.None);
        await created.Stored;
        await PassingAsync();
        Assert.True(await Store.DeleteSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task GetKnownSession_StoreAway_SaysWhatIsRememberedAndThatItIs()
    {
        await UseAsync(new BufferedSessionStoreOptions { RememberedSessions = 2 });
        var updated = await Store.UpdateSessionAsync(Session.AsClosed(SessionStatus.Completed), Ct);
        Assert.True((await Store.GetKnownSessionAsync(Session.Id, Ct))!.IsCurrent);
        var unknown = await Inner.Backend.CreateSessionAsync(Make.Session(), Ct);
        Inner.Ail(Ailment.Silent);

        var known = (await Store.GetKnownSessionAsync(Session.Id, Ct))!;

        Assert.Equal((false, updated), (known.IsCurrent, known.Session));
        Assert.InRange(known.AsOf, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        await Assert.ThrowsAsync<SessionTimeoutException>(() => Store.GetSessionAsync(Session.Id, Ct).AsTask());
        await Assert.ThrowsAsync<SessionTimeoutException>(() => Store.GetKnownSessionAsync(unknown.Id, Ct).AsTask());
        Inner.Ail(Ailment.None);
        await Store.DeleteSessionAsync(Session.Id, Ct);
        Assert.Null(await Store.GetKnownSessionAsync(Session.Id, Ct));
        Inner.Ail(Ailment.Away);
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => Store.GetKnownSessionAsync(Session.Id, Ct).AsTask());
    }

    [Fact]
    public async Task GetKnownSession_NotAskedToRemember_FailsAsTheStoreDoes()
    {
        await Store.GetSessionAsync(Session.Id, Ct);
        Inner.Ail(Ailment.Away);

        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => Store.GetKnownSessionAsync(Session.Id, Ct).AsTask());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public void RememberedSessions_MoreThanTheBound_KeepTheNewestAndNoMore(int bound)
    {
        var remembered = new RememberedSessions(bound, TimeProvider.System);
        var sessions = Make.Sessions(100).ToList();

        sessions.ForEach(session => remembered.Note(session));

        Assert.InRange(sessions.Count(session => remembered.Find(session.Id) is not null), 1, bound);
        Assert.NotNull(remembered.Find(sessions[^1].Id));
    }

    [Fact]
    public async Task Dispose_StoreServesAgainInTime_HasStoredEverything()
    {
        await UseAsync(new BufferedSessionStoreOptions { DrainTimeout = TimeSpan.FromMinutes(1) });
        Inner.Ail(Ailment.SilentThoughDone);
        var frames = Enumerable.Range(0, 100).Select(number => Store.AcceptFrame(Make.Frame(Session.Id, number)).Stored).ToList();
        await OutageAsync();

        var disposing = Store.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => Store.AcceptFrame(Make.Frame(Session.Id)));
        Inner.Ail(Ailment.None);
        await disposing;

        Assert.All(frames, frame => Assert.True(frame.IsCompletedSuccessfully));
        Make.AssertNumbered(await StoredAsync(), 0, 100);
        Assert.Equal((SessionBufferState.Disposed, 0), (Store.Status.State, Store.Status.LostFrames));
    }

    [Theory]
    [InlineData(Ailment.Away)]
    [InlineData(Ailment.SilentThoughDone)]
    public async Task Dispose_StoreStaysAway_GivesUpAndSaysSo(Ailment ailment)
    {
        await UseAsync(new BufferedSessionStoreOptions { DrainTimeout = TimeSpan.FromMilliseconds(50) });
        Inner.Ail(ailment);
        var tried = Store.AcceptFrame(Make.Frame(Session.Id)).Stored;
        await OutageAsync();
        var untried = Store.AcceptFrames(Session.Id, Make.Frames(Session.Id, 2, 1)).Stored;
        var waiting = Store.AddFrameAsync(Make.Frame(Session.Id, 3), Ct).AsTask();

        await Store.DisposeAsync();

        Assert.Equal((SessionBufferState.Disposed, 0, 3), (Store.Status.State, Store.Status.WaitingFrames, Store.Status.LostFrames));
        if (ailment == Ailment.SilentThoughDone)
        {
            Assert.True((await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => tried)).OutcomeUnknown);
        }

        Assert.False((await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => untried)).OutcomeUnknown);
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => waiting);
        Assert.Single(Log.Entries, entry => entry.Id.Id == 43);
        await Store.DisposeAsync();
        Assert.Equal(3, Store.Status.LostFrames);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Store.AddFrameAsync(Make.Frame(Session.Id), Ct).AsTask());
    }

    [Fact]
    public async Task Dispose_NotAsynchronous_GivesUpAtOnce()
    {
        Inner.Ail(Ailment.Away);
        var frame = Store.AcceptFrame(Make.Frame(Session.Id)).Stored;

        Store.Dispose();

        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => frame);
        Assert.Equal(1, Store.Status.LostFrames);
        Assert.Throws<ObjectDisposedException>(() => Store.AcceptSession(Make.Session()));
        Assert.Throws<ObjectDisposedException>(() => Store.AcceptFrame(Make.Frame(Session.Id)));
        Assert.Throws<ObjectDisposedException>(() => Store.AcceptFrames(Session.Id, Make.Frames(Session.Id, 2)));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await Store.GetKnownSessionAsync(Session.Id, Ct));
    }
}
