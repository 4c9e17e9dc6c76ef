using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Tests.Sqlite;

/// <summary>Stores on one file, each as of another process, whose clock the test moves.</summary>
internal sealed class SqliteHarness : IStoreHarness
{
    private readonly TemporaryFile _file = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 5, 6, 7, 8, 9, 10, 11, TimeSpan.Zero));
    private readonly List<SqliteSessionStore> _stores = [];

    public ValueTask<ISessionStore> CreateStoreAsync(SessionStoreOptions? options = null, IEnumerable<ISessionExpirationListener>? listeners = null)
    {
        var store = new SqliteSessionStore(new SqliteSessionStoreOptions { Path = _file.Path }, options, listeners, timeProvider: _clock);
        _stores.Add(store);
        return ValueTask.FromResult<ISessionStore>(store);
    }

    public ValueTask<DateTimeOffset> NowAsync() => ValueTask.FromResult(_clock.GetUtcNow());

    public Task ElapseAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }

    /// <summary>A tombstone belongs to no session, and neither does an entry of the log of changes.</summary>
    public ValueTask<IReadOnlyCollection<string>> LeftoversAsync() => ValueTask.FromResult<IReadOnlyCollection<string>>(
        _file.Query("SELECT 'session ' || id FROM sessions UNION ALL SELECT 'frame ' || place FROM frames"));

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        _file.Dispose();
    }
}
