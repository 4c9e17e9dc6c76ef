using System.Collections.Concurrent;
using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Caching;

/// <summary>A cache in front of Redis, and others who write there. Copies do not age while a test runs, so whatever is seen of others was received.</summary>
public sealed class SharedCacheTests(RedisFixture redis) : SharedServerTest(redis)
{
    private static readonly CachedSessionStoreOptions Ageless = new() { MaxStaleness = TimeSpan.FromHours(1) };

    private readonly string _configuration = redis.Configuration;

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task Get_ChangedByAnotherStore_IsSeen(int partitions)
    {
        var other = Lab.Store(_configuration, configure: options => options.Partitions = partitions);
        var sessions = await Task.WhenAll(Make.Sessions(20).Select(session => other.CreateSessionAsync(session, Ct).AsTask()));
        using var store = await CachingAsync(Lab.Store(_configuration));
        Assert.Equal(sessions, await store.GetSessionsAsync([.. sessions.Select(session => session.Id)], Ct));

        foreach (var session in sessions)
        {
            var updated = await other.UpdateSessionAsync(session.AsClosed(SessionStatus.Failed), Ct);
            await SeesAsync(store, updated.Id, read => read == updated);
            await other.DeleteSessionAsync(session.Id, Ct);
            await SeesAsync(store, session.Id, read => read is null);
            var anew = await other.CreateSessionAsync(new Session(session.Id, TransportType.Stdio), Ct);
            await SeesAsync(store, session.Id, read => read == anew);
        }
    }

    [Fact]
    public async Task Get_OnlyReadSince_AsksTheServerNothing()
    {
        using var store = await CachingAsync(Lab.Store());
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.TouchSessionAsync(session.Id, Ct);
        await Lab.Database.KeyDeleteAsync(Lab.Partition.Session(session.Id));

        // Nobody was notified of it, so only a copy can answer.
        Assert.Equal(session.Id, (await store.GetSessionAsync(session.Id, Ct))?.Id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(7)]
    public async Task Get_AfterOwnAppends_IsWhatIsStoredWithoutReadingIt(int? cap)
    {
        var inner = Lab.Store(new SessionStoreOptions { MaxFramesPerSession = cap });
        using var store = await CachingAsync(inner);
        var session = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromSeconds(10) }, Ct);
        for (var i = 0; i < 100; i++)
        {
            // Some go by the script and some do not, with and without a deadline that moves.
            await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 1 + (i % 3)), Ct);
            Assert.Equal(await inner.GetSessionAsync(session.Id, Ct), await store.GetSessionAsync(session.Id, Ct));
            if (i % 20 == 0)
            {
                await store.TouchSessionAsync(session.Id, Ct);
                Assert.Equal(await inner.GetSessionAsync(session.Id, Ct), await store.GetSessionAsync(session.Id, Ct));
            }

            var before = await Lab.Server.TimeAsync();
            await Poll.UntilAsync(async () => await Lab.Server.TimeAsync() > before.AddMilliseconds(3), "the server's clock moved on");
        }

        var newest = await inner.GetSessionAsync(session.Id, Ct);
        await Lab.Database.KeyDeleteAsync(Lab.Partition.Session(session.Id));
        Assert.Equal(newest, await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(cap ?? newest!.FrameCount, newest!.FrameCount - newest.FirstSequence);
    }

    [Fact]
    public async Task Append_SessionGone_IsGoneFromTheCacheToo()
    {
        using var store = await CachingAsync(Lab.Store());
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        await Lab.Database.KeyDeleteAsync([Lab.Partition.Session(session.Id), await Lab.ListKeyAsync(session.Id)]);
        Assert.NotNull(await store.GetSessionAsync(session.Id, Ct));

        await Assert.ThrowsAsync<SessionNotFoundException>(() => store.AddFrameAsync(Make.Frame(session.Id), Ct).AsTask());

        Assert.Null(await store.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Get_PastTheDeadline_IsNeverServed()
    {
        using var store = await CachingAsync(Lab.Store());
        for (var round = 0; round < 5; round++)
        {
            var session = await store.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromMilliseconds(120) }, Ct);
            var served = 0;
            while (new DateTimeOffset(await Lab.Server.TimeAsync()) < session.ExpiresAt.AddMilliseconds(1))
            {
                // The server itself keeps a key to the end of the millisecond.
                served += await store.GetSessionAsync(session.Id, Ct) is null ? 0 : 1;
            }

            Assert.Null(await store.GetSessionAsync(session.Id, Ct));
            Assert.True(served > 0);
        }
    }

    [Fact]
    public async Task Changes_OfWhatKindEver_ArePublishedOnceAndActivityIsNot()
    {
        var published = new ConcurrentQueue<string>();
        await Lab.Connection.GetSubscriber().SubscribeAsync(RedisChannel.Literal(Lab.Prefix + ":changes"), (_, message) => Note(published, message!));
        var store = Lab.Store();

        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.CreateSessionAsync(session, Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 3), Ct);
        await store.TouchSessionAsync(session.Id, Ct);
        await store.DeleteFramesAsync(session.Id, 2, Ct);
        var updated = await store.UpdateSessionAsync(session with { Tags = ["new"] }, Ct);
        await Assert.ThrowsAsync<SessionConflictException>(() => store.UpdateSessionAsync(session, Ct).AsTask());
        await store.DeleteSessionAsync(session.Id, Ct);
        await store.DeleteSessionAsync(session.Id, Ct);

        await Poll.UntilAsync(() => Task.FromResult(published.Count >= 3), "three changes are received");
        Assert.Equal(3, published.Count);
        Assert.All(new[] { 1, updated.Version, 0 }, version => Assert.Contains($"1 {session.Generation:N} {version} {session.Id}", published));
    }

    [Fact]
    public async Task Changes_NotToBePublished_AreNot()
    {
        var published = new ConcurrentQueue<string>();
        await Lab.Connection.GetSubscriber().SubscribeAsync(RedisChannel.Literal(Lab.Prefix + ":changes"), (_, message) => Note(published, message!));
        var quiet = Lab.Store(configure: options => options.PublishChanges = false);

        var session = await quiet.CreateSessionAsync(Make.Session(), Ct);
        await quiet.UpdateSessionAsync(session with { Tags = ["new"] }, Ct);
        await quiet.DeleteSessionAsync(session.Id, Ct);
        var loud = await Lab.Store().CreateSessionAsync(Make.Session(), Ct);

        await Poll.UntilAsync(() => Task.FromResult(!published.IsEmpty), "a change is received");
        Assert.Equal([$"1 {loud.Generation:N} 1 {loud.Id}"], published);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2 whatever comes")]
    [InlineData("1 x 1")]
    [InlineData("1 0123456789abcdef0123456789abcdef -1 id")]
    [InlineData("1 0123456789abcdef0123456789abcdef 1 ")]
    public async Task Message_ThatIsNotUnderstood_EmptiesTheCache(string message)
    {
        using var store = await CachingAsync(Lab.Store());
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        Assert.Equal(1, store.Count);

        await Lab.Database.ExecuteAsync("PUBLISH", Lab.Prefix + ":changes", message);

        await Poll.UntilAsync(() => Task.FromResult(store.Count == 0), "the copies are gone");
        await Poll.UntilAsync(() => Task.FromResult(store.IsCaching), "it caches again");
        Assert.Equal(session, await store.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Get_WhileOthersWrite_NeverGoesBackAndEndsAtTheNewest()
    {
        using var one = await CachingAsync(Lab.Store(_configuration));
        using var two = await CachingAsync(Lab.Store(_configuration));
        ISessionStore[] stores = [one, two, Lab.Store(_configuration)];
        var sessions = await Task.WhenAll(Make.Sessions(4).Select(session => one.CreateSessionAsync(session, Ct).AsTask()));
        using var writing = new CancellationTokenSource();

        var readers = Enumerable.Range(0, 8).Select(reader => Task.Run(
            async () =>
            {
                var seen = new Dictionary<SessionId, long>();
                for (var i = 0; !writing.IsCancellationRequested; i++)
                {
                    var session = sessions[i % sessions.Length];
                    var read = (await stores[reader % 2].GetSessionAsync(session.Id, Ct))!;
                    Assert.True(read.Version >= seen.GetValueOrDefault(session.Id), "A reader saw an older version after a newer one.");
                    seen[session.Id] = read.Version;
                    await Task.Yield();
                }
            },
            Ct)).ToList();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(
            async () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    var id = sessions[i % sessions.Length].Id;
                    var updated = await stores[writer % 3].UpdateSessionAsync(id, current => current with { CloseReason = $"{writer}/{i}" }, Ct);
                    var read = (await stores[writer % 3].GetSessionAsync(id, Ct))!;
                    Assert.True(read.Version >= updated.Version, "A writer did not see its own write.");
                }
            },
            Ct)));
        await writing.CancelAsync();
        await Task.WhenAll(readers);

        foreach (var session in sessions)
        {
            var newest = (await stores[2].GetSessionAsync(session.Id, Ct))!;
            Assert.Equal(151, newest.Version);
            await SeesAsync(one, session.Id, read => read == newest);
            await SeesAsync(two, session.Id, read => read == newest);
        }
    }

    private static async Task<CachedSessionStore> CachingAsync(RedisSessionStore inner)
    {
        var store = new CachedSessionStore(inner, Ageless);
        await Poll.UntilAsync(() => Task.FromResult(store.IsCaching), "changes are received");
        return store;
    }

    private static Task SeesAsync(CachedSessionStore store, SessionId id, Func<Session?, bool> condition) =>
        Poll.UntilAsync(async () => condition(await store.GetSessionAsync(id, Ct)), "the other's change is seen");

    /// <summary>Notes a change. What begins with a question mark is none: by such words stores find out whether they may publish, and receive.</summary>
    private static void Note(ConcurrentQueue<string> published, string message)
    {
        if (!message.StartsWith("? ", StringComparison.Ordinal))
        {
            published.Enqueue(message);
        }
    }
}
