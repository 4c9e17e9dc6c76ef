using Shadowcat.Sessions.Tests.Servers;
using Shadowcat.Sessions.Tests.Telemetry;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What reading frames asks of the server, and when: the round trips that the documentation names.</summary>
public sealed class FrameReadingTests(RedisFixture redis) : SharedServerTest(redis)
{
    private const int FirstPage = 32;
    private const int SecondPage = 256;
    private const int Many = 3000;

    private readonly HoldingProxy _proxy = new(redis.Configuration.Split(',')[0]);

    public override async ValueTask DisposeAsync()
    {
        _proxy.Dispose();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    [InlineData(256)]
    [InlineData(Many)] // more than there are: what is there is known from the first reply
    public async Task GetFrames_LastOnes_AreAskedForAllAtOnce(int count)
    {
        var (store, id) = await StoredAsync(frames: 250);

        _proxy.Hold();
        var reading = store.GetFramesAsync(id, FrameRange.Last(count), Ct).ToListAsync(Ct).AsTask();
        await Poll.UntilAsync(() => Task.FromResult(_proxy.Asked("LRANGE") == 1 && _proxy.Asked("LLEN") == 2 && _proxy.Asked("HMGET") == 1), "everything is asked for before anything is answered");
        _proxy.Release();
        var frames = await reading;

        var expected = Math.Min(250, count);
        Make.AssertNumbered(frames, 250 - expected, expected);
        if (count <= 256)
        {
            Assert.Equal((1, 2, 1), (_proxy.Asked("LRANGE"), _proxy.Asked("LLEN"), _proxy.Asked("HMGET")));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Many)]
    public async Task GetFrames_LastOnesWhereThereAreNone_YieldsNone(int count)
    {
        var (store, id) = await StoredAsync(frames: 0);

        Assert.Empty(await store.GetFramesAsync(id, FrameRange.Last(count), Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task GetFrames_TrimmingOvertakesAPage_IsAFailureOfTheOperation()
    {
        var (store, id) = await StoredAsync(Many);
        using var spans = new Spans();
        await using var frames = store.GetFramesAsync(id, cancellationToken: Ct).GetAsyncEnumerator(Ct);
        Assert.True(await frames.MoveNextAsync());
        await Lab.Store().DeleteFramesAsync(id, Many - 1, Ct);

        await Assert.ThrowsAsync<FramesTrimmedException>(async () =>
        {
            while (await frames.MoveNextAsync())
            {
            }
        });

        Assert.Contains(spans.Of("GetFrames"), span => (string?)span.GetTagItem("error.type") == typeof(FramesTrimmedException).FullName);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(FirstPage)]
    [InlineData(FirstPage + 10)]
    public async Task GetFrames_FromAPlaceOnAndAppendedBeforeTheEndIsReached_YieldsThatToo(int frames)
    {
        var (store, id) = await StoredAsync(frames + 1);
        await using var reading = store.GetFramesAsync(id, FrameRange.From(0), Ct).GetAsyncEnumerator(Ct);
        for (var i = 0; i <= frames; i++)
        {
            Assert.True(await reading.MoveNextAsync());
        }

        await Lab.Store().AddFramesAsync(id, Make.Frames(id, 100, frames + 1), Ct);

        for (var i = frames + 1; i <= frames + 100; i++)
        {
            Assert.True(await reading.MoveNextAsync());
            Assert.Equal((i, i), (reading.Current.Sequence, Make.Number(reading.Current)));
        }

        Assert.False(await reading.MoveNextAsync());
    }

    [Fact]
    public async Task GetFrames_AnotherLifeOfTheIdBeginsMeanwhile_DoesNotMixThem()
    {
        var (store, id) = await StoredAsync(frames: FirstPage);
        _proxy.HoldBefore("LLEN", passing: 1);
        var reading = store.GetFramesAsync(id, FrameRange.From(0), Ct).ToListAsync(Ct).AsTask();
        await Poll.UntilAsync(() => Task.FromResult(_proxy.IsHoldingBefore), "the first page is read, and whether there is more is not");

        var other = Lab.Store();
        await other.DeleteSessionAsync(id, Ct);
        await other.CreateSessionAsync(new Session(id, TransportType.Stdio), Ct);
        await other.AddFramesAsync(id, Make.Frames(id, FirstPage + 10, 1000), Ct);
        _proxy.Release();

        await Assert.ThrowsAsync<SessionNotFoundException>(() => reading);
    }

    [Fact]
    public async Task GetFrames_MoreThanAPage_IsReadTwoPagesAheadAndNoFurther()
    {
        var (store, id) = await StoredAsync(frames: Many);
        await using var frames = store.GetFramesAsync(id, cancellationToken: Ct).GetAsyncEnumerator(Ct);

        Assert.True(await frames.MoveNextAsync());
        await AssertAskedAsync(store, id, pages: 3);
        for (var i = 1; i < FirstPage; i++)
        {
            Assert.True(await frames.MoveNextAsync());
        }

        await AssertAskedAsync(store, id, pages: 3);
        Assert.True(await frames.MoveNextAsync());
        await AssertAskedAsync(store, id, pages: 4);
        Assert.Equal(FirstPage, frames.Current.Sequence);
    }

    [Fact]
    public async Task GetFrames_TrimmedBehindTheReaderWhilePagesAreOnTheirWay_YieldsTheRestOnceAndInOrder()
    {
        var (store, id) = await StoredAsync(frames: Many);
        await using var frames = store.GetFramesAsync(id, cancellationToken: Ct).GetAsyncEnumerator(Ct);
        Assert.True(await frames.MoveNextAsync());
        await AssertAskedAsync(store, id, pages: 3);
        _proxy.HoldBefore("LRANGE");
        for (var i = 1; i <= FirstPage + SecondPage; i++)
        {
            Assert.True(await frames.MoveNextAsync());
        }

        await Poll.UntilAsync(() => Task.FromResult(_proxy.IsHoldingBefore), "a page is held back, and the one behind it waits in line");
        await Lab.Store().DeleteFramesAsync(id, FirstPage, Ct);
        _proxy.Release();

        for (var i = FirstPage + SecondPage; i < Many; i++)
        {
            Assert.Equal((i, i), (frames.Current.Sequence, Make.Number(frames.Current)));
            Assert.Equal(i < Many - 1, await frames.MoveNextAsync());
        }
    }

    [Fact]
    public async Task GetFrames_FromTheEndOfATrimmedListAndAppendedMeanwhile_TakesNoOtherFramesForThose()
    {
        var (store, id) = await StoredAsync(frames: 10);
        var other = Lab.Store();
        await other.DeleteFramesAsync(id, 5, Ct);
        await other.AddFrameAsync(Make.Frame(id, 10), Ct); // from here on it pushes, which the hash does not count
        Assert.Equal(6, await store.CountFramesAsync(id, Ct)); // from here on it knows which list it is, but not what is where in it
        _proxy.HoldBefore("LRANGE");
        var reading = store.GetFramesAsync(id, FrameRange.From(11), Ct).ToListAsync(Ct).AsTask();
        await Poll.UntilAsync(() => Task.FromResult(_proxy.IsHoldingBefore), "the length is known, and there is nothing at the place where the frames would be");

        for (var i = 0; i < 20; i++)
        {
            await other.AddFrameAsync(Make.Frame(id, 11 + i), Ct);
        }

        _proxy.Release();

        Make.AssertNumbered(await reading, 11, 20);
    }

    [Fact]
    public async Task GetFrames_NothingMoreIsKnown_LooksForMoreOnlyWhenAsked()
    {
        var (store, id) = await StoredAsync(frames: 10);
        await using var frames = store.GetFramesAsync(id, cancellationToken: Ct).GetAsyncEnumerator(Ct);

        for (var i = 0; i < 10; i++)
        {
            Assert.True(await frames.MoveNextAsync());
        }

        await AssertAskedAsync(store, id, pages: 1);
        await Lab.Store().AddFrameAsync(Make.Frame(id, 10), Ct);
        Assert.True(await frames.MoveNextAsync());
        Assert.Equal(10, Make.Number(frames.Current));
        Assert.False(await frames.MoveNextAsync());
        await AssertAskedAsync(store, id, pages: 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Frames_StoppedWhilePagesAreOnTheirWay_DoNotWaitForThemAndLeaveNothingUnobserved(bool borrowed)
    {
        var unobserved = new List<Exception>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs arguments)
        {
            lock (unobserved)
            {
                unobserved.AddRange(arguments.Exception.InnerExceptions);
            }
        }

        var (store, id) = await StoredAsync(frames: Many);
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            _proxy.HoldAt("LRANGE", 2);
            await (borrowed ? ReadOneAsync(store.BorrowFramesAsync(id, default, Ct)) : ReadOneAsync(store.GetFramesAsync(id, default, Ct)));
            await Poll.UntilAsync(() => Task.FromResult(_proxy.Asked("LRANGE") == 3), "the pages ahead are asked for");
            _proxy.Dispose();
            await Assert.ThrowsAnyAsync<SessionStoreException>(async () => await store.GetSessionAsync(id, Ct));
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            Assert.DoesNotContain(unobserved, exception => exception is SessionStoreException or StackExchange.Redis.RedisException);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }
    }

    [Fact]
    public async Task GetFrames_CancelledWhileAPageIsAwaited_EndsAtOnce()
    {
        var (store, id) = await StoredAsync(frames: Many);
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        _proxy.Hold();
        var reading = store.GetFramesAsync(id, cancellationToken: cancelling.Token).ToListAsync(Ct).AsTask();
        await Poll.UntilAsync(() => Task.FromResult(_proxy.Asked("LRANGE") == 1), "the first page is asked for");

        await cancelling.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        _proxy.Release();
        Make.AssertNumbered(await store.GetFramesAsync(id, cancellationToken: Ct).ToListAsync(Ct), 0, Many);
    }

    [Theory]
    [InlineData("count", 0)]
    [InlineData("count", 3)]
    [InlineData("frames", 0)]
    [InlineData("frames", 3)]
    [InlineData("last frames", 0)]
    [InlineData("last frames", 3)]
    public async Task Read_FramesAreAppendedBetweenLengthAndHash_AreNotTakenForMissing(string call, int before)
    {
        var (store, id) = await StoredAsync(before);

        // The length is answered, and the hash is asked for after somebody else appended by the script, which counts in the hash.
        _proxy.HoldBefore("HMGET");
        var reading = Task.Run(() => CallAsync(), Ct);
        await Poll.UntilAsync(() => Task.FromResult(_proxy.IsHoldingBefore), "the hash is asked for");
        await Lab.Store().AddFramesAsync(id, Make.Frames(id, 2, before), Ct);
        _proxy.Release();

        Assert.Equal((0, before + 2), await reading);

        async Task<(long First, long End)> CallAsync()
        {
            if (call == "count")
            {
                return (0, await store.CountFramesAsync(id, Ct));
            }

            var frames = await store.GetFramesAsync(id, call == "frames" ? default : FrameRange.Last(100), Ct).ToListAsync(Ct);
            return (frames[0].Sequence, frames[^1].Sequence + 1);
        }
    }

    private static async Task ReadOneAsync<T>(IAsyncEnumerable<T> frames)
        where T : allows ref struct
    {
        await using var enumerator = frames.GetAsyncEnumerator(Ct);
        Assert.True(await enumerator.MoveNextAsync());
    }

    /// <summary>A session with frames, and a store that reaches the server through the proxy and has warmed up.</summary>
    private async Task<(RedisSessionStore Store, SessionId Id)> StoredAsync(int frames)
    {
        var store = Lab.Store(_proxy.Configuration);
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        foreach (var batch in Make.Frames(session.Id, frames).Chunk(1000))
        {
            await store.AddFramesAsync(session.Id, batch, Ct);
        }

        _proxy.Forget();
        return (store, session.Id);
    }

    /// <summary>Asserts how many pages were asked for. What was asked before this call has come to the proxy when it is answered: they share a connection.</summary>
    private async Task AssertAskedAsync(RedisSessionStore store, SessionId id, int pages)
    {
        await store.CountFramesAsync(id, Ct);
        Assert.Equal(pages, _proxy.Asked("LRANGE"));
    }
}
