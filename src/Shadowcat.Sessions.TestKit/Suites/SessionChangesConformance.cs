namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="ISessionChanges"/> promises to whoever keeps copies of sessions.</summary>
[Capability(typeof(ISessionChanges))]
internal sealed class SessionChangesConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Fact]
    public async Task Subscribed_ChangesByThisStore_AreReceived()
    {
        var store = await StoreAsync();
        using var changes = await SubscribedAsync(store);
        var session = await CreatedAsync(store);
        await store.UpdateSessionAsync(session with { Tags = ["changed"] }, Ct);
        await store.DeleteSessionAsync(session.Id, Ct);

        await changes.ReceivedAsync(session, 1, Ct);
        await changes.ReceivedAsync(session, 2, Ct);
        await changes.ReceivedAsync(session, 0, Ct);
    }

    [Fact]
    public async Task Subscribed_ChangesByAnotherStore_AreReceived()
    {
        using var changes = await SubscribedAsync(await StoreAsync());
        var other = await StoreAsync();
        var session = await CreatedAsync(other);
        await other.UpdateSessionAsync(session with { Tags = ["changed"] }, Ct);

        await changes.ReceivedAsync(session, 2, Ct);
        await other.DeleteSessionAsync(session.Id, Ct);
        await changes.ReceivedAsync(session, 0, Ct);
    }

    [Fact]
    public async Task Subscribed_ActivityByThisStore_IsReceivedBeforeTheCallCompletes()
    {
        var store = await StoreAsync();
        var sessions = await CreatedAsync(store, Make.Sessions(4));
        await store.AddFrameAsync(Make.Frame(sessions[3].Id), Ct);
        using var changes = await SubscribedAsync(store);

        await store.AddFrameAsync(Make.Frame(sessions[0].Id), Ct);
        Assert.Contains(sessions[0].Id, changes.Active);
        await store.AddFramesAsync(sessions[1].Id, Make.Frames(sessions[1].Id, 3), Ct);
        Assert.Contains(sessions[1].Id, changes.Active);
        await store.TouchSessionAsync(sessions[2].Id, Ct);
        Assert.Contains(sessions[2].Id, changes.Active);
        await store.DeleteFramesAsync(sessions[3].Id, cancellationToken: Ct);
        Assert.Contains(sessions[3].Id, changes.Active);
    }

    [Fact]
    public async Task SubscriptionDisposedOf_Changes_AreNotReceived()
    {
        var store = await StoreAsync();
        var left = await SubscribedAsync(store);
        using var stays = await SubscribedAsync(store);
        left.Dispose();

        var session = await CreatedAsync(store);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);

        await stays.ReceivedAsync(session, 1, Ct);
        Assert.Empty(left.Active);
        Assert.Empty(left.Changes);
    }

    private static async Task<ReceivedChanges> SubscribedAsync(ISessionStore store)
    {
        var changes = new ReceivedChanges();
        changes.Subscription = Assert.IsAssignableFrom<ISessionChanges>(store).Subscribe(changes);
        await changes.SubscribedAsync(Ct);
        return changes;
    }
}
