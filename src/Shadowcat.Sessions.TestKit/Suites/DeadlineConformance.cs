namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="ISessionStore"/> promises of when a session ends: what moves its deadline, and what does not.</summary>
internal sealed class DeadlineConformance(IStoreHarness harness) : StoreConformance(harness)
{
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
        var session = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMilliseconds(64 * 100) }, Ct);
        for (var i = 0; i < 60; i++)
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
}
