namespace Shadowcat.Sessions.Tests.Sqlite;

/// <summary>Several stores on one file, each as of another process, and one after the other.</summary>
public sealed class SharedFileTests : SqliteStoreTest
{
    /// <summary>A quarter of a second is promised; a machine that has much else to do takes longer.</summary>
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Reopened_HasEverything()
    {
        var store = Store();
        var session = await store.CreateSessionAsync(Make.FullSession(), Ct);
        await store.AddFramesAsync(session.Id, [Make.FullFrame(session.Id), Make.FullFrame(session.Id)], Ct);
        await store.DeleteFramesAsync(session.Id, 1, Ct);
        var deleted = await CreatedAsync(store);
        await store.DeleteSessionAsync(deleted.Id, Ct);
        var before = await store.GetSessionAsync(session.Id, Ct);
        await CloseAsync();

        store = Store();

        Assert.Equal(before, await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(Make.FullFrame(session.Id) with { Sequence = 1 }, Assert.Single(await ReadAsync(store, session.Id)));
        Assert.Equal(2, await store.AddFrameAsync(Make.Frame(session.Id), Ct));
        await Assert.ThrowsAsync<SessionNotFoundException>(async () => await store.CreateSessionAsync(deleted, Ct));
        Assert.Equal([session.Id], await store.ListSessionsAsync(null, Ct).Select(listed => listed.Id).ToListAsync(Ct));
    }

    [Fact]
    public async Task Closed_TheLogIsGoneAndTheFileIsWhole()
    {
        await CreatedAsync(Store(), frames: 3000);
        await CloseAsync();

        Assert.False(System.IO.File.Exists(File.Path + "-wal"));
        Assert.Equal(["ok"], File.Query("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task Files_AreForTheirOwnerOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other rights");
        var folder = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(File.Path)!, "a", "b");
        var path = System.IO.Path.Combine(folder, "sessions.db");
        await CreatedAsync(Store(options => options.Path = path));

        if (!OperatingSystem.IsWindows())
        {
            Assert.All(
                Directory.GetFiles(folder),
                static file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(file).UnixFileMode));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(folder));
        }
    }

    [Fact]
    public async Task FirstCalls_OfManyStoresAtOnce_LayOutTheFileOnce()
    {
        const int Files = 40;
        const int Stores = 8;
        for (var number = 0; number < Files; number++)
        {
            var path = $"{File.Path}.{number}";
            var stores = Enumerable.Range(0, Stores).Select(_ => Store(options => options.Path = path)).ToList();

            var created = await Task.WhenAll(stores.Select(store => Task.Run(async () => await CreatedAsync(store, frames: 3), Ct)));

            Assert.Equal(Stores, await stores[0].CountSessionsAsync(Ct));
            foreach (var session in created)
            {
                Make.AssertNumbered(await ReadAsync(stores[3], session.Id), 0, 3);
            }

            await CloseAsync();
        }
    }

    [Fact]
    public async Task Follower_IsWokenByAnotherStore()
    {
        var (follower, writer) = (Store(), Store());
        var session = await CreatedAsync(writer, frames: 1);
        await using var frames = follower.FollowFramesAsync(session.Id, cancellationToken: Ct).GetAsyncEnumerator(Ct);
        Assert.True(await frames.MoveNextAsync());
        for (var i = 1; i < 10; i++)
        {
            var next = frames.MoveNextAsync().AsTask();
            await writer.AddFrameAsync(Make.Frame(session.Id, i), Ct);

            Assert.True(await next.WaitAsync(Generous, Ct));
            Make.AssertNumbered([frames.Current], i, 1);
        }

        var end = frames.MoveNextAsync().AsTask();
        await writer.CloseSessionAsync(session.Id, cancellationToken: Ct);
        Assert.False(await end.WaitAsync(Generous, Ct));
    }

    [Fact]
    public async Task Caches_LearnOfWhatOtherStoresDo()
    {
        var options = new CachedSessionStoreOptions { MaxStaleness = TimeSpan.FromHours(1) };
        using var cache = new CachedSessionStore(Store(), options);
        var other = Store();
        await cache.CountSessionsAsync(Ct);
        var session = await CreatedAsync(other);
        Assert.NotNull(await cache.GetSessionAsync(session.Id, Ct));
        await Poll.UntilAsync(() => Task.FromResult(cache.IsCaching), "the cache receives changes");
        Assert.NotNull(await cache.GetSessionAsync(session.Id, Ct));

        var closed = await other.CloseSessionAsync(session.Id, cancellationToken: Ct);
        await Poll.UntilAsync(async () => await cache.GetSessionAsync(session.Id, Ct) == closed, "the cache has the update");
        await other.DeleteSessionAsync(session.Id, Ct);
        await Poll.UntilAsync(async () => await cache.GetSessionAsync(session.Id, Ct) is null, "the cache has the delete");
    }

    [Fact]
    public async Task DamagedChange_InTheLog_DelaysWhoCachesOrFollowsAndDoesNotStopThem()
    {
        using var cache = new CachedSessionStore(Store(), new CachedSessionStoreOptions { MaxStaleness = TimeSpan.FromHours(1) });
        var other = Store();
        var session = await CreatedAsync(other);
        await using var frames = cache.FollowFramesAsync(session.Id, cancellationToken: Ct).GetAsyncEnumerator(Ct);
        var next = frames.MoveNextAsync().AsTask();
        await cache.CountSessionsAsync(Ct);
        await Poll.UntilAsync(() => Task.FromResult(cache.IsCaching), "the cache receives changes");

        File.Run("INSERT INTO changes (id, generation, version) VALUES ('damaged', x'00', 1)");
        await Poll.UntilAsync(() => Task.FromResult(!cache.IsCaching), "the cache has met it");

        await Poll.UntilAsync(() => Task.FromResult(cache.IsCaching), "the cache receives changes again");
        await other.AddFrameAsync(Make.Frame(session.Id), Ct);
        Assert.True(await next.WaitAsync(Generous, Ct));
    }

    [Fact]
    public async Task Caps_OfStoresThatDiffer_HoldForWhoAppends()
    {
        var capped = Store(options: new SessionStoreOptions { MaxFramesBytesPerSession = 10_000 });
        var free = Store();
        var session = await CreatedAsync(free);
        for (var i = 0; i < 40; i++)
        {
            // What the store without a bound appends is counted by the one that has one.
            await (i % 2 == 0 ? free : capped).AddFrameAsync(Make.Frame(session.Id, new byte[1000]), Ct);
            await free.DeleteFramesAsync(session.Id, i / 2, Ct);
        }

        await capped.AddFrameAsync(Make.Frame(session.Id, new byte[1000]), Ct);
        var kept = await ReadAsync(free, session.Id);
        Assert.InRange(kept.Count, 7, 9);
        Assert.Equal(40, kept[^1].Sequence);
    }

    [Fact]
    public async Task RecordedFrames_CanBeReadByPeople()
    {
        var session = await CreatedAsync(Store(), frames: 2);

        Assert.Equal(
            [$$"""{{session.Id}} 0 n/0 {"jsonrpc":"2.0","method":"n/0"}""", $$"""{{session.Id}} 1 n/1 {"jsonrpc":"2.0","method":"n/1"}"""],
            File.Query("SELECT session || ' ' || sequence || ' ' || method || ' ' || payload FROM recorded ORDER BY sequence"));
    }

    [Fact]
    public async Task Keys_AtTheirEnd_AreGivenAgain()
    {
        var store = Store();
        var first = await CreatedAsync(store, frames: 2);
        File.Run("UPDATE sessions SET key = 2147483646; UPDATE frames SET place = (2147483646 << 32) | (place & 4294967295)");

        var second = await CreatedAsync(store, frames: 3);
        var third = await CreatedAsync(store, frames: 1);

        Assert.Equal(["1", "2", "2147483646"], File.Query("SELECT CAST(key AS TEXT) FROM sessions ORDER BY key"));
        Make.AssertNumbered(await ReadAsync(store, first.Id), 0, 2);
        Make.AssertNumbered(await ReadAsync(store, second.Id), 0, 3);
        Make.AssertNumbered(await ReadAsync(store, third.Id), 0, 1);
        Assert.Equal(2, await store.AddFrameAsync(Make.Frame(first.Id, 2), Ct));
    }

    [Theory]
    [InlineData(SqliteSynchronous.Full)]
    [InlineData(SqliteSynchronous.Normal)]
    public async Task Store_WithEitherSynchronous_KeepsWhatWasWritten(SqliteSynchronous synchronous)
    {
        var session = await CreatedAsync(Store(options => options.Synchronous = synchronous), frames: 5);
        await CloseAsync();

        Make.AssertNumbered(await ReadAsync(Store(), session.Id), 0, 5);
    }
}
