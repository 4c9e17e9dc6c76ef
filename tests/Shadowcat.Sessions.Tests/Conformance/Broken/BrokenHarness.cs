using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Tests.Conformance.Broken;

/// <summary>One store in memory, with what breaks it, whose clock the test moves.</summary>
internal sealed class BrokenHarness(BrokenPromise broken) : IStoreHarness
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 5, 6, 7, 8, 9, 10, 11, TimeSpan.Zero));
    private ISessionStore? _store;

    public ValueTask<ISessionStore> CreateStoreAsync(SessionStoreOptions? options = null, IEnumerable<ISessionExpirationListener>? listeners = null)
    {
        var given = options ?? new SessionStoreOptions();
        return ValueTask.FromResult(_store ??= broken.Break(new InMemorySessionStore(broken.Options?.Invoke(given) ?? given, listeners, timeProvider: _clock)));
    }

    public ValueTask<DateTimeOffset> NowAsync() => ValueTask.FromResult(_clock.GetUtcNow());

    public Task ElapseAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }

    public ValueTask<IReadOnlyCollection<string>> LeftoversAsync() => ValueTask.FromResult<IReadOnlyCollection<string>>(_store is ILeavesEntries leaves ? [.. leaves.Entries] : []);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
