namespace Shadowcat.Sessions.Tests.Caching;

/// <summary>A cache in front of each store of another harness, which caches by the time a test has it.</summary>
internal sealed class CachedHarness(IStoreHarness inner) : IStoreHarness
{
    private readonly CachedSessionStoreOptions _options = new();
    private readonly List<CachedSessionStore> _stores = [];

    public string NameOf(string member) => inner.NameOf(member);

    public async ValueTask<ISessionStore> CreateStoreAsync(SessionStoreOptions? options = null, IEnumerable<ISessionExpirationListener>? listeners = null)
    {
        var store = new CachedSessionStore(await inner.CreateStoreAsync(options, listeners), _options);
        _stores.Add(store);
        await Poll.UntilAsync(() => Task.FromResult(store.IsCaching), "changes are received");
        return store;
    }

    public ValueTask<DateTimeOffset> NowAsync() => inner.NowAsync();

    public Task ElapseAsync(TimeSpan time) => inner.ElapseAsync(time);

    public Task CatchUpAsync() => ElapseAsync(_options.MaxStaleness);

    public ValueTask<IReadOnlyCollection<string>> LeftoversAsync() => inner.LeftoversAsync();

    public ValueTask DisposeAsync()
    {
        _stores.ForEach(store => store.Dispose());
        return inner.DisposeAsync();
    }
}
