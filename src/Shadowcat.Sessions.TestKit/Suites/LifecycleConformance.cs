namespace Shadowcat.Sessions.TestKit;

/// <summary>Sessions as an application uses them, from one end to the other.</summary>
internal sealed class LifecycleConformance(IStoreHarness harness) : StoreConformance(harness)
{
    private static readonly Type[] Capabilities = [typeof(ISessionStoreHealth), typeof(ISessionChanges), typeof(IRepeatableAppends), typeof(ISessionBuffer)];

    public static TheoryData<string> HostileIds =>
    [
        "!", "~", "{", "}", "{}", "{a}", "a}b{c", ":", "a:b", "session:a", "frames:a", "sessions:active", "*", "?", "[a-z]", "\\", "\\x00", "'", "\"",
        "$0", "%s", "..", "/../", "--", "null", "0", "-1", "1e3", new string('x', SessionId.MaxLength),
    ];

    [Fact]
    public async Task SessionLifecycle_CreateGetUpdateDelete_ThenGetFails()
    {
        var store = await StoreAsync();
        var session = Make.Session() with { ClientInfo = Peer.Create("client", "1.0"), Tags = ["test"] };

        var created = await store.CreateSessionAsync(session, Ct);
        Assert.Equal(session.Id, created.Id);

        var read = await store.GetSessionAsync(session.Id, Ct);
        Assert.Equal(created, read);
        Assert.Equal("client", read?.ClientInfo?.Name);

        var updated = await store.UpdateSessionAsync(created.AsClosed(SessionStatus.Completed), Ct);
        Assert.Equal(SessionStatus.Completed, updated.Status);
        Assert.Equal(updated, await store.GetSessionAsync(session.Id, Ct));

        Assert.True(await store.DeleteSessionAsync(session.Id, Ct));
        Assert.Null(await store.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Conversation_HandedBetweenTwoStores_IsOne()
    {
        var first = await StoreAsync();
        var second = await StoreAsync();
        var session = await CreatedAsync(first);

        Assert.Equal(0, await second.AddFrameAsync(Make.Frame(session.Id, 0), Ct));
        Assert.Equal(1, await first.AddFrameAsync(Make.Frame(session.Id, 1), Ct));
        var updated = await second.UpdateSessionAsync(session with { State = SessionState.Active }, Ct);

        await Harness.CatchUpAsync();
        Assert.Equal(updated, await first.GetSessionAsync(session.Id, Ct));
        Assert.Equal(2, updated.FrameCount);
        Make.AssertNumbered(await ReadAsync(second, session.Id), 0, 2);
        Assert.Equal(1, await first.CountSessionsAsync(Ct));

        Assert.True(await second.DeleteSessionAsync(session.Id, Ct));
        await Harness.CatchUpAsync();
        Assert.Null(await first.GetSessionAsync(session.Id, Ct));
        await NotFoundAsync(session.Id, "AddFrame", async () => await first.AddFrameAsync(Make.Frame(session.Id), Ct));
    }

    [Theory]
    [MemberData(nameof(HostileIds))]
    public async Task AnyId_ThroughItsLife_IsOnlyItself(string value)
    {
        var store = await StoreAsync();
        var bystander = await store.CreateSessionAsync(new Session(new SessionId("a"), TransportType.Http), Ct);
        await store.AddFrameAsync(Make.Frame(bystander.Id, 7), Ct);
        bystander = await GottenAsync(store, bystander.Id);
        var session = new Session(new SessionId(value), TransportType.Stdio);

        await store.CreateSessionAsync(session, Ct);
        Assert.Equal(0, await store.AddFrameAsync(Make.Frame(session.Id, 0), Ct));
        var updated = await store.UpdateSessionAsync(session.Id, current => current with { CloseReason = value }, Ct);

        Assert.Equal(updated, await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(value, updated.CloseReason);
        Make.AssertNumbered(await ReadAsync(store, session.Id), 0, 1);
        Assert.Equal(2, (await ListedAsync(store)).Count);
        Assert.Equal(1, await store.DeleteFramesAsync(session.Id, cancellationToken: Ct));
        Assert.True(await store.DeleteSessionAsync(session.Id, Ct));

        Assert.Equal(bystander, Assert.Single(await ListedAsync(store)));
        Assert.Equal(7, Make.Number(Assert.Single(await ReadAsync(store, bystander.Id))));
    }

    [Fact]
    public async Task Ids_ThatDifferInCase_AreTwoSessions()
    {
        var store = await StoreAsync();
        var first = await store.CreateSessionAsync(new Session(new SessionId("Abc"), TransportType.Http), Ct);

        Assert.Null(await store.GetSessionAsync(new SessionId("abc"), Ct));
        Assert.False(await store.DeleteSessionAsync(new SessionId("aBC"), Ct));
        Assert.Equal(1, await store.CountSessionsAsync(Ct));
        var second = await store.CreateSessionAsync(new Session(new SessionId("abc"), TransportType.Stdio), Ct);
        await store.AddFrameAsync(Make.Frame(second.Id), Ct);
        Assert.Equal(first, await store.GetSessionAsync(first.Id, Ct));
        Assert.Equal(second.Generation, (await GottenAsync(store, second.Id)).Generation);
        Assert.Equal((0, 1), (await store.CountFramesAsync(first.Id, Ct), await store.CountFramesAsync(second.Id, Ct)));
    }

    [Fact]
    public async Task GetService_WhatTheStoreIs_IsTheStore()
    {
        var store = await StoreAsync();

        Assert.Same(store, store.GetService(StoreType!));
        Assert.Same(store, store.GetService(typeof(ISessionStore)));
        Assert.All(Capabilities.Where(type => type.IsInstanceOfType(store)), type => Assert.Same(store, store.GetService(type)));
    }

    [Fact]
    public async Task GetService_Anything_IsOfThatTypeOrNothing()
    {
        var store = await StoreAsync();

        Assert.All(Capabilities.Append(typeof(SessionStoreOptions)), type => Assert.True(store.GetService(type) is not { } found || type.IsInstanceOfType(found), $"What it gives for {type} is none."));
        Assert.Null(store.GetService(typeof(LifecycleConformance)));
        Assert.Throws<ArgumentNullException>(() => store.GetService(null!));
    }
}
