namespace Shadowcat.Sessions.Tests.Conformance;

/// <summary>What <see cref="ISessionStore"/> promises of the end of a session, and <see cref="ISessionStore.ReapExpiredSessionsAsync"/> of what is left of it.</summary>
public abstract class ExpiryConformance(IStoreHarness harness) : StoreConformance(harness)
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
    [InlineData("append")]
    [InlineData("append batch")]
    [InlineData("touch")]
    public async Task Activity_BeforeTheDeadline_MovesItForSessionAndFrames(string activity)
    {
        var store = await StoreAsync();
        var early = await InTimeAsync(async timeToLive =>
        {
            var created = await store.CreateSessionAsync(Make.Session() with { TimeToLive = timeToLive }, Ct);
            await store.AddFrameAsync(Make.Frame(created.Id, 0), Ct);
            var active = await GottenAsync(store, created.Id);
            await store.UpdateSessionAsync(active with { TimeToLive = Lasting }, Ct);
            return active;
        });
        await TickAsync();

        var expected = activity switch
        {
            "append" => await store.AddFrameAsync(Make.Frame(early.Id, 1), Ct) + 1,
            "append batch" => await store.AddFramesAsync(early.Id, Make.Frames(early.Id, 2, first: 1), Ct) + 2,
            _ => await store.TouchSessionAsync(early.Id, Ct) ? 1 : 0,
        };

        var late = await GottenAsync(store, early.Id);
        Assert.True(late.LastActivity > early.LastActivity);
        Assert.Equal(Lasting, late.TimeToLive);
        AssertEndsByActivity(late);
        await PassAsync(early.ExpiresAt);
        Assert.Equal(late, await store.GetSessionAsync(early.Id, Ct));
        Make.AssertNumbered(await ReadAsync(store, early.Id), 0, (int)expected);
        Assert.Equal(1, await store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Touch_LiveSession_MovesActivityAndNothingElse()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, frames: 2);
        created = await GottenAsync(store, created.Id);
        await TickAsync();

        Assert.True(await store.TouchSessionAsync(created.Id, Ct));

        var touched = await GottenAsync(store, created.Id);
        Assert.True(touched.LastActivity > created.LastActivity);
        AssertEndsByActivity(touched);
        Assert.Equal(created with { LastActivity = touched.LastActivity, ExpiresAt = touched.ExpiresAt }, touched);
    }

    [Fact]
    public async Task Touch_NoSuchSession_IsFalseAndCreatesNone()
    {
        var store = await StoreAsync();
        var id = SessionId.New();

        Assert.False(await store.TouchSessionAsync(id, Ct));

        Assert.Null(await store.GetSessionAsync(id, Ct));
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
        Assert.Empty(await Harness.LeftoversAsync());
    }

    [Fact]
    public async Task NoActivity_UpdatesReadsAndDeletedFrames_DoNotDelayTheEnd()
    {
        var store = await StoreAsync();
        var active = await InTimeAsync(async timeToLive =>
        {
            var created = await store.CreateSessionAsync(Make.Session() with { TimeToLive = timeToLive }, Ct);
            await store.AddFramesAsync(created.Id, Make.Frames(created.Id, 3), Ct);
            var before = await GottenAsync(store, created.Id);
            await TickAsync();

            await store.UpdateSessionAsync(before.AsClosed(SessionStatus.Completed), Ct);
            await store.DeleteFramesAsync(created.Id, 1, Ct);
            await ReadAsync(store, created.Id);
            Assert.Equal(before.ExpiresAt, (await GottenAsync(store, created.Id)).ExpiresAt);
            return before;
        });

        await PassAsync(active.ExpiresAt);
        Assert.Null(await store.GetSessionAsync(active.Id, Ct));
        await NotFoundAsync(active.Id, "GetFrames", async () => await ReadAsync(store, active.Id));
    }

    [Fact]
    public async Task TimeToLive_OfTheSession_OverridesTheStores()
    {
        var store = await StoreAsync(new SessionStoreOptions { TimeToLive = Brief });
        var own = await store.CreateSessionAsync(Make.Session() with { TimeToLive = Lasting }, Ct);
        var usual = await CreatedAsync(store);
        Assert.Equal((Lasting, Brief), (own.TimeToLive, usual.TimeToLive));
        AssertEndsByActivity(own);
        AssertEndsByActivity(usual);

        await PassAsync(usual.ExpiresAt);

        Assert.NotNull(await store.GetSessionAsync(own.Id, Ct));
        Assert.Null(await store.GetSessionAsync(usual.Id, Ct));
        Assert.Equal(1, await store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task TimeToLive_SetByTheCreatingStore_IsNotTheOtherStores()
    {
        var session = await CreatedAsync(await StoreAsync(new SessionStoreOptions { TimeToLive = Lasting }));
        var other = await StoreAsync(new SessionStoreOptions { TimeToLive = TimeSpan.FromMinutes(1) });

        await other.AddFrameAsync(Make.Frame(session.Id), Ct);
        await other.TouchSessionAsync(session.Id, Ct);

        var read = await GottenAsync(other, session.Id);
        Assert.Equal(Lasting, read.TimeToLive);
        AssertEndsByActivity(read);
    }

    [Fact]
    public async Task TimeToLive_LengthenedByAnUpdate_CountsAtOnceFromTheLastActivity()
    {
        var store = await StoreAsync();
        var (active, updated) = await InTimeAsync(async timeToLive =>
        {
            var created = await store.CreateSessionAsync(Make.Session() with { TimeToLive = timeToLive }, Ct);
            await store.AddFrameAsync(Make.Frame(created.Id), Ct);
            var before = await GottenAsync(store, created.Id);
            await TickAsync();
            return (before, await store.UpdateSessionAsync(before with { TimeToLive = Lasting }, Ct));
        });

        Assert.Equal(active.LastActivity, updated.LastActivity);
        AssertEndsByActivity(updated);
        await PassAsync(active.ExpiresAt);
        Assert.Equal(updated, await store.GetSessionAsync(updated.Id, Ct));
        Assert.Equal(1, await store.CountSessionsAsync(Ct));
        Assert.Single(await ReadAsync(store, updated.Id));
    }

    [Fact]
    public async Task TimeToLive_ShortenedByAnUpdate_CountsAtOnce()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, frames: 2);

        var updated = await store.UpdateSessionAsync(created with { TimeToLive = Brief }, Ct);

        AssertEndsByActivity(updated);
        await PassAsync(updated.ExpiresAt);
        Assert.Null(await store.GetSessionAsync(created.Id, Ct));
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
        await NotFoundAsync(created.Id, "GetFrames", async () => await ReadAsync(store, created.Id));
    }

    [Fact]
    public async Task TimeToLive_ShortenedBelowTheSilenceSoFar_EndsTheSession()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, frames: 2);
        await Harness.ElapseAsync(Brief * 2);

        await store.UpdateSessionAsync(created with { TimeToLive = Brief }, Ct);

        Assert.Null(await store.GetSessionAsync(created.Id, Ct));
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
        await NotFoundAsync(created.Id, "GetFrames", async () => await ReadAsync(store, created.Id));
    }

    [Fact]
    public async Task MaxLifetime_CapsWhatActivityCanDo()
    {
        var store = await StoreAsync();
        var max = TimeSpan.FromMinutes(30);
        var created = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMinutes(20), MaxLifetime = max }, Ct);
        var tight = await store.CreateSessionAsync(Make.Session() with { TimeToLive = Lasting, MaxLifetime = max }, Ct);
        AssertEndsByActivity(created);
        Assert.Equal(tight.LastActivity + max, tight.ExpiresAt);
        await TickAsync();

        Func<Task>[] activities =
        [
            async () => await store.AddFrameAsync(Make.Frame(tight.Id), Ct),
            async () => await store.AddFramesAsync(tight.Id, Make.Frames(tight.Id, 2), Ct),
            async () => await store.TouchSessionAsync(tight.Id, Ct),
        ];
        foreach (var activity in activities)
        {
            await activity();
            var active = await GottenAsync(store, tight.Id);
            Assert.True(active.LastActivity > tight.LastActivity);
            Assert.Equal(tight.ExpiresAt, active.ExpiresAt);
        }
    }

    [Theory]
    [InlineData("append")]
    [InlineData("touch")]
    public async Task MaxLifetime_ShortenedByAnUpdate_CountsAtOnceAndStays(string activity)
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store);

        var updated = await store.UpdateSessionAsync(created with { MaxLifetime = TimeSpan.FromMinutes(30) }, Ct);
        Assert.Equal(created.LastActivity + TimeSpan.FromMinutes(30), updated.ExpiresAt);

        Assert.True(activity == "touch" ? await store.TouchSessionAsync(created.Id, Ct) : await store.AddFrameAsync(Make.Frame(created.Id), Ct) == 0);
        Assert.Equal(updated.ExpiresAt, (await GottenAsync(store, created.Id)).ExpiresAt);
    }

    [Fact]
    public async Task Activity_AgainAndAgain_NeverLetsTheDeadlineFallBehind()
    {
        var store = await StoreAsync();
        var session = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMilliseconds(64 * 20) }, Ct);
        for (var i = 0; i < 30; i++)
        {
            // Steps of the clock smaller than those of the deadline, together much longer.
            await TickAsync();
            Assert.True(i % 2 == 0 ? await store.TouchSessionAsync(session.Id, Ct) : await store.AddFrameAsync(Make.Frame(session.Id), Ct) >= 0);
            AssertEndsByActivity(await GottenAsync(store, session.Id));
        }
    }

    [Fact]
    public async Task MaxLifetime_CreatedAtGiven_CountsByTheStoresClock()
    {
        var store = await StoreAsync(new SessionStoreOptions { MaxLifetime = TimeSpan.FromMinutes(30) });

        var created = await store.CreateSessionAsync(Make.Session() with { CreatedAt = Make.At.AddYears(-10) }, Ct);
        Assert.Equal(created.LastActivity + TimeSpan.FromMinutes(30), created.ExpiresAt);
        await TickAsync();
        await store.TouchSessionAsync(created.Id, Ct);

        Assert.Equal(created.ExpiresAt, (await GottenAsync(store, created.Id)).ExpiresAt);
    }

    [Fact]
    public async Task MaxLifetime_Reached_EndsAnActiveSession()
    {
        var store = await StoreAsync();
        var created = await InTimeAsync(async maxLifetime =>
        {
            var session = await store.CreateSessionAsync(Make.Session() with { TimeToLive = Lasting, MaxLifetime = maxLifetime }, Ct);
            await store.AddFrameAsync(Make.Frame(session.Id), Ct);
            Assert.True(await store.TouchSessionAsync(session.Id, Ct));
            return session;
        });

        await PassAsync(created.ExpiresAt);

        Assert.False(await store.TouchSessionAsync(created.Id, Ct));
        await NotFoundAsync(created.Id, "AddFrame", async () => await store.AddFrameAsync(Make.Frame(created.Id), Ct));
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
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

    private async Task<Session> ExpiredAsync(ISessionStore store, int frames)
    {
        // Made to expire only once its frames are in, so that a slow machine does not end it before.
        var session = await CreatedAsync(store, frames);
        await store.UpdateSessionAsync(session with { TimeToLive = Brief }, Ct);
        await store.TouchSessionAsync(session.Id, Ct);
        await Harness.ElapseAsync(Brief * 2);
        return session;
    }

    private async Task<IReadOnlyList<SessionId>> ManyExpiredAsync(ISessionStore store, int count)
    {
        var created = await CreatedAsync(store, Make.Sessions(count).Select(session => session with { TimeToLive = Brief }));
        await PassAsync(created.Max(session => session.ExpiresAt));
        return [.. created.Select(session => session.Id)];
    }
}
