namespace Shadowcat.Sessions.Tests.Protection;

/// <summary>Encryption in front of each store of another harness, with the keys of one ring.</summary>
internal sealed class ProtectedHarness(IStoreHarness inner) : IStoreHarness
{
    private static readonly KeyRing Ring = new();

    public string NameOf(string member) => member == "AddFrame" ? member : inner.NameOf(member);

    public async ValueTask<ISessionStore> CreateStoreAsync(SessionStoreOptions? options = null, IEnumerable<ISessionExpirationListener>? listeners = null) =>
        new ProtectedSessionStore(await inner.CreateStoreAsync(options, listeners), Ring.Open());

    public ValueTask<DateTimeOffset> NowAsync() => inner.NowAsync();

    public Task ElapseAsync(TimeSpan time) => inner.ElapseAsync(time);

    public Task CatchUpAsync() => inner.CatchUpAsync();

    public ValueTask<IReadOnlyCollection<string>> LeftoversAsync() => inner.LeftoversAsync();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
