using Microsoft.Extensions.Logging.Abstractions;
using Shadowcat.Sessions.FileStore;
using Shadowcat.Sessions.Redis;
using Shadowcat.Sessions.Servers;
using Shadowcat.Sessions.Sqlite;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Aot.Stores;

/// <summary>Makes the calls of all stores and decorators.</summary>
internal static class OpenStores
{
    public static async Task MakeAsync(DirectoryInfo folder, RedisProcess redis)
    {
        var memory = new InMemorySessionStore();
        await StoreCalls.MakeAsync(memory);
        ISessionStoreHealth health = memory;
        Check.That((await health.CheckHealthAsync(TimeSpan.FromSeconds(10))).Facts.ContainsKey(HealthFacts.Store));
        await StoreCalls.MakeAsync(new FileSessionStore(Path.Combine(folder.FullName, "files")));
        var passing = new PassingStore(new InMemorySessionStore(new SessionStoreOptions { TimeToLive = TimeSpan.FromHours(2) }));
        await StoreCalls.MakeAsync(passing);
        Check.That(passing.Inside is InMemorySessionStore);
        await SqliteAsync(folder);
        await RedisAsync(redis);
        await CachedAsync();
        await BufferedAsync();
    }

    private static async Task SqliteAsync(DirectoryInfo folder)
    {
        using (var store = new SqliteSessionStore(Path.Combine(folder.FullName, "plain.db")))
        {
            await StoreCalls.MakeAsync(store);
        }

        var options = new SqliteSessionStoreOptions { Path = Path.Combine(folder.FullName, "sessions.db"), Synchronous = SqliteSynchronous.Full };
        using var other = new SqliteSessionStore(options, new SessionStoreOptions { FrameOverflow = FrameOverflow.Refuse }, [], NullLogger<SqliteSessionStore>.Instance);
        await StoreCalls.MakeAsync(other);
        Check.That((await other.CheckHealthAsync(TimeSpan.FromSeconds(10))).Facts.ContainsKey(HealthFacts.Latency));
    }

    private static async Task RedisAsync(RedisProcess redis)
    {
        await using (var store = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = redis.Endpoint, KeyPrefix = "one" }))
        {
            await StoreCalls.MakeAsync(store);
            Check.Equal(null, store.Outage);
            Check.That((await store.CheckHealthAsync(TimeSpan.FromSeconds(10))).Facts.ContainsKey(HealthFacts.ServerVersion));
        }

        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Endpoint);
        using var other = new RedisSessionStore(connection, redis: new RedisSessionStoreOptions { KeyPrefix = "two", ConnectionCount = 1 });
        await StoreCalls.MakeAsync(other);
        var outage = new SessionStoreOutage(Samples.Time, failedCalls: 3, isPartial: true);
        Check.That(outage is { FailedCalls: 3, IsPartial: true } && outage.Since == Samples.Time);
    }

    private static async Task CachedAsync()
    {
        using var cached = new CachedSessionStore(new InMemorySessionStore(), new CachedSessionStoreOptions { Capacity = 100 });
        await StoreCalls.MakeAsync(cached);
        Check.That((await cached.CheckHealthAsync(TimeSpan.FromSeconds(10))).Facts.ContainsKey(HealthFacts.CacheCurrent));
        Check.That(((ISessionStore)cached).GetService(typeof(ISessionChanges)) is not null);
    }

    private static async Task BufferedAsync()
    {
        await using (var buffered = new BufferedSessionStore(new InMemorySessionStore(), new BufferedSessionStoreOptions { MaxBufferedFrames = 100 }))
        {
            await StoreCalls.MakeAsync(buffered);
            Check.That((await buffered.CheckHealthAsync(TimeSpan.FromSeconds(10))).Facts.ContainsKey(HealthFacts.BufferedFrames));
            await AcceptAsync(buffered);
        }

        var disposed = new BufferedSessionStore(new InMemorySessionStore());
        disposed.Dispose();
        await Check.ThrowsAsync<ObjectDisposedException>(async () => await disposed.CountSessionsAsync());
    }

    private static async Task AcceptAsync(ISessionBuffer buffer)
    {
        var session = Samples.Session();
        var accepted = await buffer.AcceptSession(session).Stored;
        var first = buffer.AcceptFrame(Samples.Frame(session.Id));
        var second = buffer.AcceptFrames(session.Id, [Samples.Frame(session.Id, 2)]);
        Check.Same([0L, 1L], [await first.Stored, await second.Stored]);
        var known = await buffer.GetKnownSessionAsync(accepted.Id);
        Check.That(known is { IsCurrent: true } && known.Session.Id == session.Id && known.AsOf > Samples.Time);
        Check.That(buffer.Status is { State: SessionBufferState.Passing, LostFrames: 0, Fault: null });
        Check.Equal(5, await new Accepted<int>(Task.FromResult(5)).Stored);
        Check.That(new KnownSession(session, isCurrent: false, Samples.Time) is { IsCurrent: false });
        var away = new SessionBufferStatus { State = SessionBufferState.Outage, WaitingFrames = 3, WaitingBytes = 4, WaitingSessions = 5, ReplayedFrames = 6, RefusedFrames = 7, LostFrames = 8 };
        Check.That(away is { WaitingFrames: 3, WaitingBytes: 4, WaitingSessions: 5, ReplayedFrames: 6, RefusedFrames: 7, LostFrames: 8, OutageSince: null });
    }
}
