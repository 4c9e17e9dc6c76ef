using System.Runtime.InteropServices;

namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="ISessionStore.GetFramesAsync"/> and <see cref="ISessionStore.CountFramesAsync"/> promise.</summary>
internal sealed class ReadFramesConformance(IStoreHarness harness) : StoreConformance(harness)
{
    private const int Many = 3000;

    [Fact]
    public async Task GetFrames_NoFrames_YieldsNone()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);

        Assert.Empty(await ReadAsync(store, session.Id));
        Assert.Empty(await ReadAsync(store, session.Id, FrameRange.From(0)));
        Assert.Empty(await ReadAsync(store, session.Id, FrameRange.From(3, 5)));
        Assert.Empty(await ReadAsync(store, session.Id, FrameRange.Last(10)));
        Assert.Equal(0, await store.CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    public async Task GetFrames_NoSuchSession_Throws()
    {
        var store = await StoreAsync();
        var id = SessionId.New();

        foreach (var range in new[] { FrameRange.All, FrameRange.From(0), FrameRange.From(5, 1), FrameRange.Last(1), FrameRange.Last(0), FrameRange.From(0, 0) })
        {
            await NotFoundAsync(id, "GetFrames", async () => await ReadAsync(store, id, range));
        }

        await NotFoundAsync(id, "CountFrames", async () => await store.CountFramesAsync(id, Ct));
    }

    [Fact]
    public async Task GetFrames_AnyRangeOfTenFrames_YieldsExactlyThose()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 10);

        await AssertReadAsync(store, session.Id, FrameRange.All, 0, 10);
        await AssertReadAsync(store, session.Id, default, 0, 10);
        await AssertReadAsync(store, session.Id, FrameRange.From(0), 0, 10);
        await AssertReadAsync(store, session.Id, FrameRange.From(4), 4, 6);
        await AssertReadAsync(store, session.Id, FrameRange.From(9), 9, 1);
        await AssertReadAsync(store, session.Id, FrameRange.From(10), 10, 0);
        await AssertReadAsync(store, session.Id, FrameRange.From(11), 11, 0);
        await AssertReadAsync(store, session.Id, FrameRange.From(0, 0), 0, 0);
        await AssertReadAsync(store, session.Id, FrameRange.From(0, 1), 0, 1);
        await AssertReadAsync(store, session.Id, FrameRange.From(3, 4), 3, 4);
        await AssertReadAsync(store, session.Id, FrameRange.From(8, 2), 8, 2);
        await AssertReadAsync(store, session.Id, FrameRange.From(8, 3), 8, 2);
        await AssertReadAsync(store, session.Id, FrameRange.Last(0), 0, 0);
        await AssertReadAsync(store, session.Id, FrameRange.Last(1), 9, 1);
        await AssertReadAsync(store, session.Id, FrameRange.Last(3), 7, 3);
        await AssertReadAsync(store, session.Id, FrameRange.Last(10), 0, 10);
        await AssertReadAsync(store, session.Id, FrameRange.Last(11), 0, 10);
    }

    [Fact]
    public async Task GetFrames_GreatestNumbers_DoNotOverflow()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 10);

        await AssertReadAsync(store, session.Id, FrameRange.From(2, long.MaxValue), 2, 8);
        await AssertReadAsync(store, session.Id, FrameRange.From(long.MaxValue), 0, 0);
        await AssertReadAsync(store, session.Id, FrameRange.From(long.MaxValue, long.MaxValue), 0, 0);
        await AssertReadAsync(store, session.Id, FrameRange.From(1L << 53, 1L << 53), 0, 0);
        await AssertReadAsync(store, session.Id, FrameRange.Last(long.MaxValue), 0, 10);
    }

    [Fact]
    public async Task GetFrames_ManyFrames_YieldsThemAllAcrossPages()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: Many);

        await AssertReadAsync(store, session.Id, FrameRange.All, 0, Many);
        await AssertReadAsync(store, session.Id, FrameRange.From(1), 1, Many - 1);
        await AssertReadAsync(store, session.Id, FrameRange.From(17, 2500), 17, 2500);
        await AssertReadAsync(store, session.Id, FrameRange.Last(2600), Many - 2600, 2600);
        Assert.Equal(Many, await store.CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    public async Task GetFrames_LargeFrames_YieldsThemAllAcrossPages()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        for (var i = 0; i < 24; i++)
        {
            await store.AddFrameAsync(Make.Frame(session.Id, [.. Enumerable.Repeat((byte)i, 512 * 1024)]), Ct);
        }

        var expected = 0;
        await foreach (var frame in store.GetFramesAsync(session.Id, default, Ct))
        {
            Assert.Equal(expected, frame.Sequence);
            Assert.Equal(512 * 1024, frame.Payload.Length);
            Assert.Equal(-1, frame.Payload.Span.IndexOfAnyExcept((byte)expected));
            expected++;
        }

        Assert.Equal(24, expected);
    }

    [Fact]
    public async Task GetFrames_StoppedEarlyAndBegunAgain_BeginsAtTheBeginning()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: Many);
        var frames = store.GetFramesAsync(session.Id, default, Ct);

        Make.AssertNumbered(await frames.Take(5).ToListAsync(Ct), 0, 5);

        Make.AssertNumbered(await frames.ToListAsync(Ct), 0, Many);
    }

    [Fact]
    public async Task GetFrames_AppendedBeforeTheEndIsReached_YieldsThatToo()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 3);
        await using var frames = store.GetFramesAsync(session.Id, default, Ct).GetAsyncEnumerator(Ct);
        Assert.True(await frames.MoveNextAsync());

        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 1000, first: 3), Ct);

        for (var expected = 0; expected < 1003; expected++)
        {
            Assert.Equal(expected, frames.Current.Sequence);
            Assert.Equal(expected < 1002, await frames.MoveNextAsync());
        }
    }

    [Fact]
    public async Task GetFrames_LastOnesAndAppendedMeanwhile_YieldsThoseThatWereTheLast()
    {
        var store = await StoreAsync();
        foreach (var (count, wanted) in new[] { (3, 10), (3, 2), (Many, Many + 5), (Many, Many - 5) })
        {
            var session = await CreatedAsync(store, frames: count);
            var read = new List<MessageEnvelope>();

            await foreach (var frame in store.GetFramesAsync(session.Id, FrameRange.Last(wanted), Ct))
            {
                if (read.Count == 0)
                {
                    await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 100, first: count), Ct);
                }

                read.Add(frame);
            }

            Make.AssertNumbered(read, Math.Max(0, count - wanted), Math.Min(count, wanted));
        }
    }

    [Fact]
    public async Task GetFrames_Twice_YieldsEqualFramesWithPayloadsOfTheirOwn()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 4);
        var first = await ReadAsync(store, session.Id);
        var expected = first.Select(frame => frame.Payload.ToArray()).ToList();

        for (var i = 0; i < first.Count; i++)
        {
            MemoryMarshal.AsMemory(first[i].Payload).Span.Fill((byte)'!');
            Assert.All(first.Skip(i + 1), frame => Assert.Equal(expected[(int)frame.Sequence], frame.Payload.ToArray()));
        }

        var second = await ReadAsync(store, session.Id);
        Assert.Equal(expected, second.Select(frame => frame.Payload.ToArray()));
    }

    [Fact]
    public async Task GetFrames_OldestTrimmed_SaysSoBelowTheWindow()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 10);
        await store.DeleteFramesAsync(session.Id, 4, Ct);

        await AssertReadAsync(store, session.Id, FrameRange.All, 4, 6);
        await AssertReadAsync(store, session.Id, FrameRange.From(4), 4, 6);
        await AssertReadAsync(store, session.Id, FrameRange.Last(2), 8, 2);
        await AssertReadAsync(store, session.Id, FrameRange.Last(100), 4, 6);
        await AssertReadAsync(store, session.Id, FrameRange.From(0, 0), 0, 0);
        await AssertTrimmedAsync(store, session.Id, FrameRange.From(3), 3, 4);
        await AssertTrimmedAsync(store, session.Id, FrameRange.From(0), 0, 4);
        await AssertTrimmedAsync(store, session.Id, FrameRange.From(0, 2), 0, 4);
        await AssertTrimmedAsync(store, session.Id, FrameRange.From(0, long.MaxValue), 0, 4);
    }

    [Fact]
    public async Task GetFrames_AllTrimmed_SaysSoBelowTheCount()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 10);
        await store.DeleteFramesAsync(session.Id, cancellationToken: Ct);

        await AssertReadAsync(store, session.Id, FrameRange.All, 0, 0);
        await AssertReadAsync(store, session.Id, FrameRange.Last(5), 0, 0);
        await AssertReadAsync(store, session.Id, FrameRange.From(10), 0, 0);
        await AssertTrimmedAsync(store, session.Id, FrameRange.From(9), 9, 10);
        await AssertTrimmedAsync(store, session.Id, FrameRange.From(0), 0, 10);
    }

    [Fact]
    public async Task GetFrames_TrimmingOvertakesTheReader_SaysSoInsteadOfSkipping()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: Many);
        await using var frames = store.GetFramesAsync(session.Id, default, Ct).GetAsyncEnumerator(Ct);
        Assert.True(await frames.MoveNextAsync());
        await store.DeleteFramesAsync(session.Id, Many - 1, Ct);

        var expected = 0;
        var exception = await Assert.ThrowsAsync<FramesTrimmedException>(async () =>
        {
            do
            {
                Assert.Equal(expected, frames.Current.Sequence);
                expected++;
            }
            while (await frames.MoveNextAsync());
        });

        // A page that was read ahead may have met the frames while they were being deleted, which may take several steps.
        Assert.Equal(expected, exception.RequestedSequence);
        Assert.InRange(exception.FirstSequence, expected + 1, Many - 1);
    }

    [Fact]
    public async Task CountFrames_CountsWhatIsKept()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 10);

        Assert.Equal(10, await store.CountFramesAsync(session.Id, Ct));
        await store.DeleteFramesAsync(session.Id, 3, Ct);
        Assert.Equal(7, await store.CountFramesAsync(session.Id, Ct));
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        Assert.Equal(8, await (await StoreAsync()).CountFramesAsync(session.Id, Ct));
    }

    private static async Task AssertReadAsync(ISessionStore store, SessionId id, FrameRange range, int first, int count)
    {
        Make.AssertNumbered(await ReadAsync(store, id, range), first, count);
        Make.AssertNumbered(await BorrowedAsync(store, id, range), first, count);
    }

    private async Task AssertTrimmedAsync(ISessionStore store, SessionId id, FrameRange range, long requested, long first)
    {
        var exception = await Assert.ThrowsAsync<FramesTrimmedException>(async () => await ReadAsync(store, id, range));
        Assert.Equal((id, NameOf("GetFrames")), (exception.SessionId, exception.Operation));
        Assert.Equal((requested, first), (exception.RequestedSequence, exception.FirstSequence));

        exception = await Assert.ThrowsAsync<FramesTrimmedException>(async () => await BorrowedAsync(store, id, range));
        Assert.Equal((id, NameOf("BorrowFrames")), (exception.SessionId, exception.Operation));
        Assert.Equal((requested, first), (exception.RequestedSequence, exception.FirstSequence));
    }
}
