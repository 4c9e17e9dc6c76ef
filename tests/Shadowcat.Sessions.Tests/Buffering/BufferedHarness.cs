namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>A buffer in front of each store of another harness.</summary>
internal sealed class BufferedHarness(IStoreHarness inner) : IStoreHarness
{
    private readonly List<BufferedSessionStore> _stores = [];

    public async ValueTask<ISessionStore> CreateStoreAsync(SessionStoreOptions? options = null, IEnumerable<ISessionExpirationListener>? listeners = null)
    {
        var store = new BufferedSessionStore(await inner.CreateStoreAsync(options, listeners));
        _stores.Add(store);
        return store;
    }

    public ValueTask<DateTimeOffset> NowAsync() => inner.NowAsync();

    public Task ElapseAsync(TimeSpan time) => inner.ElapseAsync(time);

    public ValueTask<IReadOnlyCollection<string>> LeftoversAsync() => inner.LeftoversAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        await inner.DisposeAsync();
    }
}
