using System.Security.Claims;

namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="ISessionStore.GetSessionAsync"/> and <see cref="ISessionStore.GetSessionsAsync"/> promise.</summary>
internal sealed class ReadSessionConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Fact]
    public async Task Get_NoSuchSession_IsNull()
    {
        var store = await StoreAsync();

        Assert.Null(await store.GetSessionAsync(SessionId.New(), Ct));
    }

    [Fact]
    public async Task Get_ByAnotherStore_IsTheSameSession()
    {
        var created = await (await StoreAsync()).CreateSessionAsync(Make.FullSession(), Ct);

        Assert.Equal(created, await (await StoreAsync()).GetSessionAsync(created.Id, Ct));
    }

    [Fact]
    public async Task Get_AfterAppends_ShowsCountAndActivity()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store);
        await TickAsync();
        await store.AddFramesAsync(created.Id, Make.Frames(created.Id, 3), Ct);

        var read = await GottenAsync(store, created.Id);

        Assert.Equal(3, read.FrameCount);
        Assert.Equal(0, read.FirstSequence);
        Assert.True(read.LastActivity > created.LastActivity);
        AssertEndsByActivity(read);
        Assert.Equal(created with { FrameCount = 3, LastActivity = read.LastActivity, ExpiresAt = read.ExpiresAt }, read);
    }

    [Fact]
    public async Task Get_IsNoActivity()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, frames: 1);
        created = await GottenAsync(store, created.Id);
        await TickAsync();

        await store.GetSessionAsync(created.Id, Ct);
        await store.GetSessionsAsync([created.Id], Ct);
        await ListedAsync(store);
        await store.ListSessionPageAsync(cancellationToken: Ct);
        await store.CountSessionsAsync(Ct);
        await ReadAsync(store, created.Id);
        await store.CountFramesAsync(created.Id, Ct);

        Assert.Equal(created, await store.GetSessionAsync(created.Id, Ct));
    }

    [Fact]
    public async Task GetMany_SomeThereSomeNotSomeTwice_KeepsTheOrder()
    {
        var store = await StoreAsync();
        var one = await store.CreateSessionAsync(Make.FullSession(), Ct);
        var two = await CreatedAsync(store, frames: 2);
        two = await GottenAsync(store, two.Id);
        var gone = await CreatedAsync(store);
        await store.DeleteSessionAsync(gone.Id, Ct);

        var read = await store.GetSessionsAsync([two.Id, SessionId.New(), one.Id, gone.Id, two.Id], Ct);

        Assert.Equal([two, null, one, null, two], read);
    }

    [Fact]
    public async Task GetMany_NoIds_IsEmpty()
    {
        var store = await StoreAsync();

        Assert.Empty(await store.GetSessionsAsync([], Ct));
    }

    [Fact]
    public async Task GetMany_ThousandSessions_AreAllThereInOrder()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, Make.Sessions(1000));
        var backwards = created.Reverse().ToList();

        Assert.Equal(backwards, await store.GetSessionsAsync([.. backwards.Select(session => session.Id)], Ct));
    }

    [Fact]
    public async Task GetOwned_ByItsOwner_IsTheSession()
    {
        var store = await StoreAsync();
        var created = await store.CreateSessionAsync(Make.Session() with { Owner = new SessionOwner("sub", "alice", "issuer") }, Ct);

        Assert.Equal(created, await store.GetOwnedSessionAsync(created.Id, new SessionOwner("sub", "alice", "issuer"), Ct));
        Assert.Equal(created, await store.GetOwnedSessionAsync(created.Id, Principal("alice", "issuer"), Ct));
    }

    [Fact]
    public async Task GetOwned_AbsentOrNotTheirs_IsNullAlike()
    {
        var store = await StoreAsync();
        var alices = await store.CreateSessionAsync(Make.Session() with { Owner = new SessionOwner("sub", "alice", "issuer") }, Ct);
        var nobodys = await CreatedAsync(store);

        foreach (var id in new[] { SessionId.New(), alices.Id, nobodys.Id })
        {
            Assert.Null(await store.GetOwnedSessionAsync(id, new SessionOwner("sub", "bob", "issuer"), Ct));
            Assert.Null(await store.GetOwnedSessionAsync(id, Principal("bob", "issuer"), Ct));
            Assert.Null(await store.GetOwnedSessionAsync(id, Principal("alice", "another issuer"), Ct));
            Assert.Null(await store.GetOwnedSessionAsync(id, new ClaimsPrincipal(), Ct));
        }
    }

    [Fact]
    public async Task GetOwned_AfterItWasGivenAway_IsTheNewOwners()
    {
        var store = await StoreAsync();
        var created = await store.CreateSessionAsync(Make.Session() with { Owner = new SessionOwner("sub", "alice", "issuer") }, Ct);
        await store.UpdateSessionAsync(created with { Owner = new SessionOwner("sub", "bob", "issuer") }, Ct);

        Assert.Null(await store.GetOwnedSessionAsync(created.Id, Principal("alice", "issuer"), Ct));
        Assert.NotNull(await store.GetOwnedSessionAsync(created.Id, Principal("bob", "issuer"), Ct));
    }

    [Fact]
    public async Task GetOwned_ForNull_IsRefused()
    {
        var store = await StoreAsync();

        await RefusedAsync(() => store.GetOwnedSessionAsync(SessionId.New(), (SessionOwner)null!, Ct).AsTask());
        await RefusedAsync(() => store.GetOwnedSessionAsync(SessionId.New(), (ClaimsPrincipal)null!, Ct).AsTask());
        await RefusedAsync(() => store.GetOwnedSessionAsync(default, Principal("alice", "issuer"), Ct).AsTask());
    }

    private static ClaimsPrincipal Principal(string subject, string issuer) => new(new ClaimsIdentity([new Claim("sub", subject, null, issuer)], "test"));
}
