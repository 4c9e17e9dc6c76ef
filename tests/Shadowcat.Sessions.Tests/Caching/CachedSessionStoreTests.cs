using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions.Tests.Caching;

/// <summary>What the cache keeps, for how long, and what it lets go of; answers and news come in the order a test says.</summary>
public sealed class CachedSessionStoreTests : IDisposable
{
    private static readonly CachedSessionStoreOptions Lasting = new() { MaxStaleness = TimeSpan.FromMinutes(30) };

    private readonly GatedStore _inner = new();
    private readonly CachedSessionStore _store;

    public CachedSessionStoreTests() => _store = new CachedSessionStore(_inner, Lasting);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Get_Cached_CompletesAtOnceAndAllocatesNothing()
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        Read(1000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, _inner.Reads);

        void Read(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var reading = _store.GetSessionAsync(session.Id, Ct);
                if (!reading.IsCompletedSuccessfully || reading.Result is null)
                {
                    Assert.Fail("A hit did not complete at once.");
                }
            }
        }
    }

    [Fact]
    public async Task Get_HundredCallersMissAtOnce_OneReadsForAll()
    {
        var session = await CreatedByAnotherAsync();
        var held = _inner.HoldNext();

        var reading = Enumerable.Range(0, 100).Select(_ => _store.GetSessionAsync(session.Id, Ct).AsTask()).ToList();
        held.SetResult();

        Assert.All(await Task.WhenAll(reading), read => Assert.Same(reading[0].Result, read));
        Assert.Equal(session, await _store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(1, _inner.Reads);
    }

    [Fact]
    public async Task Get_FirstCallerCancelled_TheOthersStillGetTheSession()
    {
        var session = await CreatedByAnotherAsync();
        using var cancelling = new CancellationTokenSource();
        var held = _inner.HoldNext();
        var first = _store.GetSessionAsync(session.Id, cancelling.Token).AsTask();
        var second = _store.GetSessionAsync(session.Id, Ct).AsTask();

        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        held.SetResult();

        Assert.Equal(session, await second);
        Assert.Equal(1, _inner.Reads);
    }

    [Fact]
    public async Task Get_StoreFails_AllWhoWaitHearOfItAndTheNextTriesAgain()
    {
        var session = await CreatedByAnotherAsync();
        var failure = new SessionStoreUnavailableException("GetSession", session.Id, "as the test wants it.", outcomeUnknown: false);
        _inner.Failure = failure;
        var held = _inner.HoldNext();
        var reading = Enumerable.Range(0, 3).Select(_ => _store.GetSessionAsync(session.Id, Ct).AsTask()).ToList();
        _inner.Failure = null;
        held.SetResult();

        foreach (var one in reading)
        {
            Assert.Same(failure, await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => one));
        }

        Assert.Equal(session, await _store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(2, _inner.Reads);
    }

    [Fact]
    public async Task Get_NoSuchSession_IsNotKept()
    {
        var session = Make.Session();
        Assert.Null(await _store.GetSessionAsync(session.Id, Ct));

        await _inner.Backend.CreateSessionAsync(session, Ct);

        Assert.NotNull(await _store.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Get_ChangedWhileItWasRead_KeepsNotTheOldValue()
    {
        var session = await CreatedByAnotherAsync();
        var held = _inner.HoldNext();
        var reading = _store.GetSessionAsync(session.Id, Ct).AsTask();
        var updated = await _inner.Backend.UpdateSessionAsync(session.AsClosed(SessionStatus.Completed), Ct);
        _inner.Publish(updated);
        held.SetResult();

        Assert.Equal(session, await reading);
        Assert.Equal(updated, await _store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(updated, await _store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(2, _inner.Reads);
    }

    [Fact]
    public async Task Get_BegunAfterAChange_DoesNotWaitForTheReadFromBefore()
    {
        var session = await CreatedByAnotherAsync();
        var held = _inner.HoldNext();
        var before = _store.GetSessionAsync(session.Id, Ct).AsTask();
        var updated = await _inner.Backend.UpdateSessionAsync(session.AsClosed(SessionStatus.Completed), Ct);
        _inner.Publish(updated);
        var after = _store.GetSessionAsync(session.Id, Ct).AsTask();
        held.SetResult();

        Assert.Equal(session, await before);
        Assert.Equal(updated, await after);
        Assert.Equal(updated, await _store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(2, _inner.Reads);
    }

    [Fact]
    public async Task Get_ChangeReceivedThatTheAnswerHas_IsKept()
    {
        var session = await CreatedByAnotherAsync();
        var updated = await _inner.Backend.UpdateSessionAsync(session.AsClosed(SessionStatus.Completed), Ct);
        var held = _inner.HoldNext();
        var reading = _store.GetSessionAsync(session.Id, Ct).AsTask();
        _inner.Publish(updated);
        held.SetResult();

        Assert.Equal(updated, await reading);
        Assert.Equal(updated, await _store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(1, _inner.Reads);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Get_DeletedWhileItWasRead_KeepsNothing(bool createdAnew)
    {
        var session = await CreatedByAnotherAsync();
        var held = _inner.HoldNext();
        var reading = _store.GetSessionAsync(session.Id, Ct).AsTask();
        await _inner.Backend.DeleteSessionAsync(session.Id, Ct);
        _inner.PublishDeleted(session);
        var anew = createdAnew ? await _inner.Backend.CreateSessionAsync(new Session(session.Id, TransportType.Stdio), Ct) : null;
        held.SetResult();

        Assert.Equal(session, await reading);
        Assert.Equal(anew, await _store.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Get_AnotherChangedIt_IsReadAnew()
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        var updated = await _inner.Backend.UpdateSessionAsync(session with { Tags = ["new"] }, Ct);
        Assert.Equal(session, await _store.GetSessionAsync(session.Id, Ct));
        _inner.Publish(updated);
        Assert.Equal(updated, await _store.GetSessionAsync(session.Id, Ct));

        await _inner.Backend.DeleteSessionAsync(session.Id, Ct);
        _inner.PublishDeleted(session);
        Assert.Null(await _store.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Get_NewsOfTheOwnWrite_KeepsTheCopy()
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        _inner.Publish(session);
        var updated = await _store.UpdateSessionAsync(session with { Tags = ["new"] }, Ct);
        _inner.Publish(session);
        _inner.Publish(updated);

        Assert.Equal(updated, await _store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(0, _inner.Reads);
    }

    [Fact]
    public async Task Get_OwnWriteWhileItWasRead_KeepsTheNewer()
    {
        var session = await CreatedByAnotherAsync();
        var held = _inner.HoldNext();
        var reading = _store.GetSessionAsync(session.Id, Ct).AsTask();
        var updated = await _store.UpdateSessionAsync(session with { Tags = ["new"] }, Ct);
        held.SetResult();

        Assert.Equal(session, await reading);
        Assert.Equal(updated, await _store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(1, _inner.Reads);
    }

    [Fact]
    public async Task Get_OwnDeleteWhileItWasRead_KeepsNothing()
    {
        var session = await CreatedByAnotherAsync();
        var held = _inner.HoldNext();
        var reading = _store.GetSessionAsync(session.Id, Ct).AsTask();
        Assert.True(await _store.DeleteSessionAsync(session.Id, Ct));
        held.SetResult();

        Assert.Equal(session, await reading);
        Assert.Null(await _store.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Update_AnotherChangedItBeforeTheAnswerCame_KeepsNotTheOldValue()
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        var held = _inner.HoldNext();
        var updating = _store.UpdateSessionAsync(session with { Tags = ["ours"] }, Ct).AsTask();
        var ours = await _inner.Backend.GetSessionAsync(session.Id, Ct);
        var theirs = await _inner.Backend.UpdateSessionAsync(ours! with { Tags = ["theirs"] }, Ct);
        _inner.Publish(ours);
        _inner.Publish(theirs);
        held.SetResult();

        Assert.Equal(ours, await updating);
        Assert.Equal(theirs, await _store.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Update_OutcomeUnknown_IsReadAnew()
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        _inner.Failure = new SessionTimeoutException("UpdateSession", session.Id, TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<SessionTimeoutException>(() => _store.UpdateSessionAsync(session with { Tags = ["new"] }, Ct).AsTask());
        _inner.Failure = null;

        Assert.Equal(["new"], (await _store.GetSessionAsync(session.Id, Ct))!.Tags);
        Assert.Equal(1, _inner.Reads);
    }

    [Fact]
    public async Task Update_Conflict_KeepsTheCurrentOne()
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        var updated = await _inner.Backend.UpdateSessionAsync(session with { Tags = ["new"] }, Ct);

        await Assert.ThrowsAsync<SessionConflictException>(() => _store.UpdateSessionAsync(session with { Tags = ["late"] }, Ct).AsTask());

        Assert.Equal(updated, await _store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(0, _inner.Reads);
    }

    [Fact]
    public async Task Delete_OutcomeUnknown_IsReadAnew()
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        _inner.Failure = new SessionTimeoutException("DeleteSession", session.Id, TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<SessionTimeoutException>(() => _store.DeleteSessionAsync(session.Id, Ct).AsTask());
        _inner.Failure = null;

        Assert.Null(await _store.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Get_ActivityTold_IsInTheCopy()
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        _inner.Clock.Advance(TimeSpan.FromSeconds(5));
        await _store.AddFramesAsync(session.Id, Make.Frames(session.Id, 3), Ct);
        var active = (await _inner.Backend.GetSessionAsync(session.Id, Ct))!;
        Assert.Equal(session, await _store.GetSessionAsync(session.Id, Ct));

        _inner.PublishActivity(active);
        _inner.PublishActivity(session);

        Assert.Equal(active, await _store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(3, active.FrameCount);
        Assert.Equal(0, _inner.Reads);
    }

    [Fact]
    public async Task Get_ActivityToldWhileItWasRead_KeepsNotTheOldCount()
    {
        var session = await CreatedByAnotherAsync();
        var held = _inner.HoldNext();
        var reading = _store.GetSessionAsync(session.Id, Ct).AsTask();
        await _inner.Backend.AddFrameAsync(Make.Frame(session.Id), Ct);
        _inner.PublishActivity((await _inner.Backend.GetSessionAsync(session.Id, Ct))!);
        var next = _store.GetSessionAsync(session.Id, Ct).AsTask();
        held.SetResult();

        Assert.Equal(0, (await reading)!.FrameCount);
        Assert.Equal(1, (await next)!.FrameCount);
        Assert.Equal(1, (await _store.GetSessionAsync(session.Id, Ct))!.FrameCount);
    }

    [Fact]
    public async Task Get_ActivityOfAnotherLifeTold_IsReadAnew()
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        await _store.AddFramesAsync(session.Id, Make.Frames(session.Id, 5), Ct);
        _inner.PublishActivity((await _inner.Backend.GetSessionAsync(session.Id, Ct))!);
        await _inner.Backend.DeleteSessionAsync(session.Id, Ct);
        var anew = await _inner.Backend.CreateSessionAsync(new Session(session.Id, TransportType.Stdio), Ct);
        _inner.Clock.Advance(TimeSpan.FromSeconds(1));
        await _inner.Backend.AddFrameAsync(Make.Frame(session.Id), Ct);

        _inner.PublishActivity((await _inner.Backend.GetSessionAsync(session.Id, Ct))!);

        Assert.Equal(anew.Generation, (await _store.GetSessionAsync(session.Id, Ct))!.Generation);
    }

    [Fact]
    public async Task Get_OlderThanAllowed_IsReadAnew()
    {
        using var store = new CachedSessionStore(_inner, new CachedSessionStoreOptions { MaxStaleness = TimeSpan.FromSeconds(2) });
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await _inner.Backend.AddFrameAsync(Make.Frame(session.Id), Ct);

        _inner.Clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.Equal(0, (await store.GetSessionAsync(session.Id, Ct))!.FrameCount);
        _inner.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, (await store.GetSessionAsync(session.Id, Ct))!.FrameCount);
        Assert.Equal(1, _inner.Reads);
    }

    [Fact]
    public async Task Get_AtItsDeadline_IsNotServedFromTheCopy()
    {
        var session = await _store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromSeconds(10) }, Ct);

        _inner.Clock.Advance(session.ExpiresAt - _inner.Clock.GetUtcNow() - TimeSpan.FromTicks(1));
        Assert.NotNull(await _store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(0, _inner.Reads);
        _inner.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await _store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(1, _inner.Reads);
    }

    [Fact]
    public async Task Get_PastADeadlineThatAnotherMoved_IsReadAnew()
    {
        var session = await _store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromSeconds(10) }, Ct);
        _inner.Clock.Advance(TimeSpan.FromSeconds(9));
        await _inner.Backend.TouchSessionAsync(session.Id, Ct);
        _inner.Clock.Advance(TimeSpan.FromSeconds(9));

        Assert.Equal(await _inner.Backend.GetSessionAsync(session.Id, Ct), await _store.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Get_ChangesAreNotReceived_GoesToTheStoreEachTime()
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        _inner.Interrupt();
        Assert.Equal(0, _store.Count);

        await _store.GetSessionAsync(session.Id, Ct);
        await _store.GetSessionsAsync([session.Id], Ct);
        var updated = await _store.UpdateSessionAsync(session with { Tags = ["new"] }, Ct);
        Assert.Equal(updated, await _store.GetSessionAsync(session.Id, Ct));
        Assert.Equal((2, 1), (_inner.Reads, _inner.Batches.Count));
        Assert.False(_store.IsCaching);

        _inner.Resume();
        Assert.True(_store.IsCaching);
        await _store.GetSessionAsync(session.Id, Ct);
        await _store.GetSessionAsync(session.Id, Ct);
        Assert.Equal(3, _inner.Reads);
    }

    [Fact]
    public async Task Get_ReadBeganBeforeTheInterruption_IsNotKept()
    {
        var session = await CreatedByAnotherAsync();
        var held = _inner.HoldNext();
        var reading = _store.GetSessionAsync(session.Id, Ct).AsTask();
        _inner.Interrupt();
        var updated = await _inner.Backend.UpdateSessionAsync(session with { Tags = ["new"] }, Ct);
        _inner.Resume();
        held.SetResult();

        Assert.Equal(session, await reading);
        Assert.Equal(updated, await _store.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Get_NothingReceivedForTooLong_GoesToTheStore()
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        _inner.ReceivedUntil = _inner.Clock.Add(_inner.Clock.GetTimestamp(), TimeSpan.FromSeconds(3));
        await _store.GetSessionAsync(session.Id, Ct);
        Assert.Equal(0, _inner.Reads);

        _inner.Clock.Advance(TimeSpan.FromSeconds(3));
        await _store.GetSessionAsync(session.Id, Ct);

        Assert.Equal(1, _inner.Reads);
    }

    [Fact]
    public async Task GetMany_SomeCached_ReadsTheOthersTogether()
    {
        var cached = await _store.CreateSessionAsync(Make.Session(), Ct);
        var one = await CreatedByAnotherAsync();
        var two = await CreatedByAnotherAsync();
        var missing = SessionId.New();

        SessionId[] ids = [one.Id, cached.Id, missing, two.Id, one.Id];
        Assert.Equal([one, cached, null, two, one], await _store.GetSessionsAsync(ids, Ct));
        Assert.Equal([one, cached, null, two, one], await _store.GetSessionsAsync(ids, Ct));

        Assert.Equal([one.Id, missing, two.Id, one.Id], _inner.Batches[0]);
        Assert.Equal([missing], _inner.Batches[1]);
        Assert.Equal(0, _inner.Reads);
    }

    [Fact]
    public async Task Capacity_ManySessions_KeepsNoMore()
    {
        using var store = new CachedSessionStore(_inner, new CachedSessionStoreOptions { Capacity = 100, MaxStaleness = TimeSpan.FromMinutes(30) });
        for (var i = 0; i < 1000; i++)
        {
            await store.CreateSessionAsync(Make.Session(), Ct);
            Assert.InRange(store.Count, 0, 100);
        }

        Assert.InRange(store.Count, 90, 100);
    }

    [Fact]
    public async Task MaxSessionBytes_SessionGrowsBeyond_IsReadEachTime()
    {
        using var store = new CachedSessionStore(_inner, new CachedSessionStoreOptions { MaxSessionBytes = 2048, MaxStaleness = TimeSpan.FromMinutes(30) });
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        Assert.Equal(1, store.Count);

        var grown = await store.UpdateSessionAsync(session with { CloseReason = new string('x', 1100) }, Ct);

        Assert.Equal(grown, await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(grown, await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal((2, 0), (_inner.Reads, store.Count));
    }

    [Fact]
    public async Task Dispose_KeepsNothingAndEndsTheSubscription()
    {
        var session = await _store.CreateSessionAsync(Make.Session(), Ct);
        Assert.True(_inner.IsSubscribed);

        _store.Dispose();

        Assert.False(_inner.IsSubscribed);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _store.GetSessionAsync(session.Id, Ct));
        Assert.Equal((0, 0), (_inner.Reads, _store.Count));
        Assert.False(_inner.IsSubscribed);
    }

    [Fact]
    public void Construct_NothingCalled_DoesNotSubscribe()
    {
        using var store = new CachedSessionStore(_inner);

        Assert.False(_inner.IsSubscribed);
    }

    [Fact]
    public void Construct_OptionsOutOfBounds_NamesThem()
    {
        var options = new CachedSessionStoreOptions { Capacity = 2, MaxStaleness = TimeSpan.Zero, MaxSessionBytes = 1 };

        var exception = Assert.Throws<OptionsValidationException>(() => new CachedSessionStore(_inner, options));

        Assert.Contains("CachedSessionStoreOptions.Capacity is 2 sessions; it must be between 3 sessions and 10000000 sessions.", exception.Failures);
        Assert.Contains("CachedSessionStoreOptions.MaxStaleness is 00:00:00; it must be between 00:00:00.0010000 and 01:00:00.", exception.Failures);
        Assert.Contains("CachedSessionStoreOptions.MaxSessionBytes is 1 bytes; it must be between 1024 bytes and 1048576 bytes.", exception.Failures);
    }

    private ValueTask<Session> CreatedByAnotherAsync() => _inner.Backend.CreateSessionAsync(Make.Session(), Ct);
}
