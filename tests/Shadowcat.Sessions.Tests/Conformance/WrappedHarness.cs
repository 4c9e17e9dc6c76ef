namespace Shadowcat.Sessions.Tests.Conformance;

/// <summary>The stores of another harness, each with something around it that needs no disposing.</summary>
internal sealed class WrappedHarness(IStoreHarness inner, Func<ISessionStore, ISessionStore> wrap, Func<string, string>? nameOf = null) : IStoreHarness
{
    public string NameOf(string member) => nameOf?.Invoke(member) ?? inner.NameOf(member);

    public async ValueTask<ISessionStore> CreateStoreAsync(SessionStoreOptions? options = null, IEnumerable<ISessionExpirationListener>? listeners = null) =>
        wrap(await inner.CreateStoreAsync(options, listeners));

    public ValueTask<DateTimeOffset> NowAsync() => inner.NowAsync();

    public Task ElapseAsync(TimeSpan time) => inner.ElapseAsync(time);

    public Task CatchUpAsync() => inner.CatchUpAsync();

    public ValueTask<IReadOnlyCollection<string>> LeftoversAsync() => inner.LeftoversAsync();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
