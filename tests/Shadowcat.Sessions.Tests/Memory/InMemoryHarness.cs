using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Tests.Memory;

/// <summary>One in-memory store, whose clock the test moves.</summary>
internal sealed class InMemoryHarness : IStoreHarness
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 5, 6, 7, 8, 9, 10, 11, TimeSpan.Zero));
    private InMemorySessionStore? _store;

    public ValueTask<ISessionStore> CreateStoreAsync(SessionStoreOptions? options = null, IEnumerable<ISessionExpirationListener>? listeners = null) =>
        ValueTask.FromResult<ISessionStore>(_store ??= new InMemorySessionStore(options, listeners, timeProvider: _clock));

    public ValueTask<DateTimeOffset> NowAsync() => ValueTask.FromResult(_clock.GetUtcNow());

    public Task ElapseAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }

    public ValueTask<IReadOnlyCollection<string>> LeftoversAsync() => ValueTask.FromResult<IReadOnlyCollection<string>>([]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
