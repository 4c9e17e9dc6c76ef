namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="ISessionStore.UpdateSessionAsync"/>, its function form and <see cref="SessionStoreExtensions.CloseSessionAsync"/> promise.</summary>
internal sealed class UpdateSessionConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Fact]
    public async Task Update_EveryProperty_KeepsEverything()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store);
        var full = Make.FullSession();
        var changed = created with
        {
            TransportType = full.TransportType,
            Status = full.Status,
            State = full.State,
            Boundary = full.Boundary,
            ClientInfo = full.ClientInfo,
            ServerInfo = full.ServerInfo,
            VersionState = full.VersionState,
            Tags = full.Tags,
            Attributes = full.Attributes,
            TransportSessionId = full.TransportSessionId,
            CorrelationKey = full.CorrelationKey,
            Owner = full.Owner,
            CloseReason = full.CloseReason,
            TimeToLive = full.TimeToLive,
            MaxLifetime = full.MaxLifetime,
        };

        var updated = await store.UpdateSessionAsync(changed, Ct);

        Assert.Equal(changed with { Version = 2, ExpiresAt = updated.ExpiresAt }, updated);
        AssertEndsByActivity(updated);
        Assert.Equal(updated, await store.GetSessionAsync(created.Id, Ct));
        Assert.Equal(updated, Assert.Single(await ListedAsync(store)));
    }

    [Fact]
    public async Task Update_Attributes_AreReplacedAsAWholeUnderTheVersion()
    {
        var store = await StoreAsync();
        var created = await store.CreateSessionAsync(Make.Session() with { Attributes = SessionAttributes.None.With("replica", "a").With("upstream", "http://one") }, Ct);

        var moved = await store.UpdateSessionAsync(created with { Attributes = created.Attributes.With("replica", "b").Without("upstream") }, Ct);
        var conflict = await Assert.ThrowsAsync<SessionConflictException>(async () => await store.UpdateSessionAsync(created with { Attributes = created.Attributes.With("replica", "c") }, Ct));

        Assert.Equal(moved, conflict.Current);
        Assert.Equal(SessionAttributes.None.With("replica", "b"), (await GottenAsync(store, created.Id)).Attributes);
    }

    [Fact]
    public async Task Attributes_AsManyAndAsLongAsThereMayBe_ComeBack()
    {
        var store = await StoreAsync();
        var most = SessionAttributes.Create(Enumerable.Range(0, SessionAttributes.MaxCount).Select(i =>
            KeyValuePair.Create($"{i}".PadRight(SessionAttributes.MaxKeyLength, 'k'), new string((char)('a' + (i % 26)), SessionAttributes.MaxValueLength))));

        var created = await store.CreateSessionAsync(Make.Session() with { Attributes = most }, Ct);

        Assert.Equal(most, created.Attributes);
        Assert.Equal(created, await GottenAsync(store, created.Id));
    }

    [Theory]
    [InlineData(SessionStatus.Completed, "the client left")]
    [InlineData(SessionStatus.Failed, "größe 🙈")]
    [InlineData(SessionStatus.TimedOut, null)]
    public async Task Close_OpenSession_SaysHowItEnded(SessionStatus status, string? reason)
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 2);
        var before = await GottenAsync(store, session.Id);

        var closed = await store.CloseSessionAsync(session.Id, status, reason, Ct);

        Assert.Equal(before with { State = SessionState.Closed, Status = status, CloseReason = reason, Version = before.Version + 1 }, closed);
        Assert.Equal(closed, await GottenAsync(store, session.Id));
        Assert.Equal(2, await store.CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Close_ClosedSession_StaysAsItEndedFirst()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        var closed = await store.CloseSessionAsync(session.Id, SessionStatus.Failed, "first", Ct);

        Assert.Equal(closed, await store.CloseSessionAsync(session.Id, SessionStatus.Completed, "second", Ct));
        Assert.Equal(closed, await GottenAsync(store, session.Id));
    }

    [Fact]
    public async Task Close_ByManyAtOnce_EndsItOnce()
    {
        var stores = new[] { await StoreAsync(), await StoreAsync() };
        var session = await CreatedAsync(stores[0]);

        var closed = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => stores[i % 2].CloseSessionAsync(session.Id, SessionStatus.Completed, $"closer {i}", Ct).AsTask()));

        Assert.All(closed, one => Assert.Equal((closed[0].CloseReason, 2), (one.CloseReason, one.Version)));
    }

    [Fact]
    public async Task Close_NoSuchSession_IsNotFound()
    {
        var store = await StoreAsync();
        var id = SessionId.New();

        await NotFoundAsync(id, "UpdateSession", async () => await store.CloseSessionAsync(id, cancellationToken: Ct));
        Assert.Null(await store.GetSessionAsync(id, Ct));
    }

    [Fact]
    public async Task Update_OptionalPropertiesToNull_ClearsThem()
    {
        var store = await StoreAsync();
        var created = await store.CreateSessionAsync(Make.FullSession(), Ct);
        var cleared = created with
        {
            ClientInfo = null,
            ServerInfo = null,
            VersionState = null,
            Tags = SessionTags.None,
            Attributes = SessionAttributes.None,
            TransportSessionId = null,
            CorrelationKey = null,
            Owner = null,
            CloseReason = null,
        };

        var updated = await store.UpdateSessionAsync(cleared, Ct);

        Assert.Equal(cleared with { Version = 2 }, updated);
        Assert.Equal(updated, await store.GetSessionAsync(created.Id, Ct));
    }

    [Fact]
    public async Task Update_OneAfterTheOther_CountsTheVersionUp()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        for (var version = 2; version <= 12; version++)
        {
            session = await store.UpdateSessionAsync(session with { CloseReason = $"v{version}" }, Ct);
            Assert.Equal(version, session.Version);
        }

        Assert.Equal(session, await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal("v12", session.CloseReason);
    }

    [Fact]
    public async Task Update_ReadBeforeAnotherUpdate_ConflictsAndCarriesTheCurrentOne()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store);
        await store.AddFrameAsync(Make.Frame(created.Id), Ct);
        var updated = await store.UpdateSessionAsync(created with { CloseReason = "first" }, Ct);

        var conflict = await Assert.ThrowsAsync<SessionConflictException>(
            async () => await store.UpdateSessionAsync(created with { CloseReason = "second" }, Ct));

        Assert.Equal(updated, conflict.Current);
        Assert.Equal(created.Id, conflict.SessionId);
        Assert.Equal("UpdateSession", conflict.Operation);
        Assert.Equal(updated, await store.GetSessionAsync(created.Id, Ct));
    }

    [Fact]
    public async Task Update_VersionThatIsYetToCome_Conflicts()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store);

        var conflict = await Assert.ThrowsAsync<SessionConflictException>(
            async () => await store.UpdateSessionAsync(created with { Version = 2, CloseReason = "early" }, Ct));

        Assert.Equal(created, conflict.Current);
        Assert.Equal(created, await store.GetSessionAsync(created.Id, Ct));
    }

    [Fact]
    public async Task Update_DeletedAndCreatedAnewSince_ConflictsAlthoughTheVersionIsTheSame()
    {
        var store = await StoreAsync();
        var old = await CreatedAsync(store);
        await store.DeleteSessionAsync(old.Id, Ct);
        var current = await store.CreateSessionAsync(new Session(old.Id, TransportType.Stdio), Ct);
        Assert.Equal(old.Version, current.Version);

        var conflict = await Assert.ThrowsAsync<SessionConflictException>(
            async () => await store.UpdateSessionAsync(old with { CloseReason = "late" }, Ct));

        Assert.Equal(current, conflict.Current);
        Assert.Equal(current, await store.GetSessionAsync(old.Id, Ct));
    }

    [Fact]
    public async Task Update_AppendsAndTouchesInBetween_DoNotConflictAndAreKept()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store);
        await TickAsync();
        await store.AddFrameAsync(Make.Frame(created.Id, 0), Ct);
        await store.AddFramesAsync(created.Id, Make.Frames(created.Id, 4, first: 1), Ct);
        await store.DeleteFramesAsync(created.Id, 2, Ct);
        await store.TouchSessionAsync(created.Id, Ct);
        var before = await GottenAsync(store, created.Id);
        Assert.Equal((1, 5, 2), (before.Version, before.FrameCount, before.FirstSequence));

        var updated = await store.UpdateSessionAsync(created with { CloseReason = "read before" }, Ct);

        Assert.Equal(before with { CloseReason = "read before", Version = 2 }, updated);
        Assert.Equal(updated, await store.GetSessionAsync(created.Id, Ct));
        Make.AssertNumbered(await ReadAsync(store, created.Id), 2, 3);
    }

    [Fact]
    public async Task Update_WhatTheStoreOwnsWasChanged_IgnoresIt()
    {
        var store = await StoreAsync();
        var created = await store.CreateSessionAsync(Make.FullSession(), Ct);
        await store.AddFrameAsync(Make.Frame(created.Id), Ct);
        var before = await GottenAsync(store, created.Id);

        var updated = await store.UpdateSessionAsync(
            before with { FrameCount = 99, FirstSequence = 98, LastActivity = Make.At, ExpiresAt = Make.At, CreatedAt = Make.At, CloseReason = "mine" }, Ct);

        Assert.Equal(before with { CloseReason = "mine", Version = 2 }, updated);
        Assert.Equal(updated, await store.GetSessionAsync(created.Id, Ct));
        Assert.Equal(1, await store.AddFrameAsync(Make.Frame(created.Id), Ct));
    }

    [Fact]
    public async Task Update_IsNoActivity()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store);
        await TickAsync();

        var updated = await store.UpdateSessionAsync(created with { Tags = ["x"] }, Ct);

        Assert.Equal((created.LastActivity, created.ExpiresAt), (updated.LastActivity, updated.ExpiresAt));
    }

    [Fact]
    public async Task Update_NoSuchSession_NeverCreatesOne()
    {
        var store = await StoreAsync();
        var session = Make.Session() with { Version = 1 };

        await NotFoundAsync(session.Id, "UpdateSession", async () => await store.UpdateSessionAsync(session, Ct));

        Assert.Null(await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
        Assert.Empty(await ListedAsync(store));
    }

    [Fact]
    public async Task Update_DeletedSession_NeverRevivesIt()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, frames: 2);
        await store.DeleteSessionAsync(created.Id, Ct);

        await NotFoundAsync(created.Id, "UpdateSession", async () => await store.UpdateSessionAsync(created, Ct));

        Assert.Null(await store.GetSessionAsync(created.Id, Ct));
        Assert.Equal(0, await store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task UpdateWithFunction_SomebodyElseIsFaster_BeginsAgainFromTheCurrentOne()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store);
        var seen = new List<long>();

        var updated = await store.UpdateSessionAsync(
            created.Id,
            session =>
            {
                seen.Add(session.Version);
                if (seen.Count <= 2)
                {
                    WaitFor(store.UpdateSessionAsync(session with { Tags = [.. session.Tags, $"other {seen.Count}"] }, Ct));
                }

                return session with { Tags = [.. session.Tags, "mine"] };
            },
            Ct);

        Assert.Equal([1, 2, 3], seen);
        Assert.Equal(SessionTags.Create(["other 1", "other 2", "mine"]), updated.Tags);
        Assert.Equal(4, updated.Version);
        Assert.Equal(updated, await store.GetSessionAsync(created.Id, Ct));
    }

    [Fact]
    public async Task UpdateWithFunction_ReturnsWhatItWasGiven_WritesNothing()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store);

        Assert.Equal(created, await store.UpdateSessionAsync(created.Id, session => session, Ct));

        Assert.Equal(1, (await GottenAsync(store, created.Id)).Version);
    }

    [Fact]
    public async Task UpdateWithFunction_NoSuchSession_Throws()
    {
        var store = await StoreAsync();
        var id = SessionId.New();

        await NotFoundAsync(id, "UpdateSession", async () => await store.UpdateSessionAsync(id, session => session with { Tags = ["x"] }, Ct));
    }

    [Fact]
    public async Task UpdateWithFunction_MakesAnotherSession_IsRefused()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store);
        Func<Session, Session>[] changes = [_ => null!, _ => Make.Session(), s => s with { Generation = Guid.NewGuid() }, s => s with { Version = 7 }];

        foreach (var change in changes)
        {
            await RefusedAsync(async () => await store.UpdateSessionAsync(created.Id, change, Ct));
        }

        Assert.Equal(created, await store.GetSessionAsync(created.Id, Ct));
    }

    // A change is a plain function; there is no other way to be faster than it from inside.
#pragma warning disable RS0030
    private static void WaitFor(ValueTask<Session> update) => update.AsTask().GetAwaiter().GetResult();
#pragma warning restore RS0030
}
