using System.Text;

namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="ISessionStore.BorrowFramesAsync"/> promises. Which frames a range means, <see cref="ReadFramesConformance"/> asks of both ways to read.</summary>
internal sealed class BorrowFramesConformance(IStoreHarness harness) : StoreConformance(harness)
{
    private const int Many = 3000;

    [Fact]
    public async Task BorrowFrames_AnyFrame_SaysWhatTheEnvelopeSays()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        await store.AddFramesAsync(
            session.Id,
            [
                Make.Frame(session.Id),
                Make.Frame(session.Id, []),
                Make.FullFrame(session.Id),
                new MessageEnvelope(session.Id, MessageDirection.Internal, TransportType.Stdio, """{"jsonrpc":"2.0","id":1e3,"result":{}}"""u8.ToArray(), Make.At),
                new MessageEnvelope(session.Id, MessageDirection.ServerToClient, TransportType.Sse, """{"jsonrpc":"2.0","id":-7,"error":{}}"""u8.ToArray(), Make.At),
            ],
            Ct);
        var expected = await ReadAsync(store, session.Id);

        var at = 0;
        await foreach (var frame in store.BorrowFramesAsync(session.Id, default, Ct))
        {
            var envelope = expected[at++];
            Assert.Equal((envelope.SessionId, envelope.Sequence, envelope.Direction), (frame.SessionId, frame.Sequence, frame.Direction));
            Assert.Equal((envelope.Timestamp, envelope.TransportType, envelope.Kind), (frame.Timestamp, frame.TransportType, frame.Kind));
            Assert.Equal((envelope.Flags, envelope.Method, envelope.RequestId), (frame.Flags, frame.Method, frame.RequestId));
            Assert.Equal((envelope.ExchangeId, envelope.ProtocolVersion, envelope.Metadata), (frame.ExchangeId, frame.ProtocolVersion, frame.Metadata));
            Assert.Equal(envelope.Payload.Span, frame.Payload);
            Assert.Equal(envelope, frame.ToEnvelope());
        }

        Assert.Equal(expected.Count, at);
    }

    [Fact]
    public async Task BorrowFrames_AnyRange_YieldsExactlyThatOne()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 10);
        await store.DeleteFramesAsync(session.Id, 2, Ct);

        Make.AssertNumbered(await BorrowedAsync(store, session.Id), 2, 8);
        Make.AssertNumbered(await BorrowedAsync(store, session.Id, FrameRange.From(4)), 4, 6);
        Make.AssertNumbered(await BorrowedAsync(store, session.Id, FrameRange.From(4, 3)), 4, 3);
        Make.AssertNumbered(await BorrowedAsync(store, session.Id, FrameRange.Last(2)), 8, 2);
        Assert.Empty(await BorrowedAsync(store, session.Id, FrameRange.From(10)));
        var trimmed = await Assert.ThrowsAsync<FramesTrimmedException>(() => BorrowedAsync(store, session.Id, FrameRange.From(1)));
        Assert.Equal((1, 2), (trimmed.RequestedSequence, trimmed.FirstSequence));
    }

    [Fact]
    public async Task BorrowFrames_ToEnvelope_MayBeKept()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: Many);
        var kept = new List<MessageEnvelope>();

        await foreach (var frame in store.BorrowFramesAsync(session.Id, default, Ct))
        {
            kept.Add(frame.ToEnvelope());
        }

        await foreach (var frame in store.BorrowFramesAsync(session.Id, FrameRange.From(1), Ct))
        {
            // What the first reading gave back is used again by the second.
            Assert.False(frame.Payload.IsEmpty);
        }

        Make.AssertNumbered(kept, 0, Many);
    }

    [Fact]
    public async Task BorrowFrames_ManyReadersAtOnce_EachSeesItsOwnFrames()
    {
        var store = await StoreAsync();
        var sessions = await Task.WhenAll(Enumerable.Range(0, 8).Select(async reader =>
        {
            var session = await CreatedAsync(store);
            await store.AddFramesAsync(session.Id, [.. Enumerable.Range(0, 200).Select(i => Make.Frame(session.Id, Encoding.UTF8.GetBytes(new string((char)('a' + reader), 1 + (i * 40)))))], Ct);
            return session.Id;
        }));

        await Task.WhenAll(sessions.Select((id, reader) => Task.Run(
            async () =>
            {
                for (var round = 0; round < 5; round++)
                {
                    var next = 0;
                    await foreach (var frame in store.BorrowFramesAsync(id, default, Ct))
                    {
                        Assert.Equal(next, frame.Sequence);
                        Assert.Equal(1 + (next * 40), frame.Payload.Length);
                        Assert.Equal(-1, frame.Payload.IndexOfAnyExcept((byte)('a' + reader)));
                        next++;
                        await LetOthersRunAsync();
                    }

                    Assert.Equal(200, next);
                }
            },
            Ct)));
    }

    [Fact]
    public async Task BorrowFrames_LargeFrames_YieldsThemAllAcrossPages()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);
        for (var i = 0; i < 12; i++)
        {
            await store.AddFrameAsync(Make.Frame(session.Id, [.. Enumerable.Repeat((byte)i, 512 * 1024)]), Ct);
        }

        var expected = 0;
        await foreach (var frame in store.BorrowFramesAsync(session.Id, default, Ct))
        {
            Assert.Equal(expected, frame.Sequence);
            Assert.Equal(512 * 1024, frame.Payload.Length);
            Assert.Equal(-1, frame.Payload.IndexOfAnyExcept((byte)expected));
            expected++;
        }

        Assert.Equal(12, expected);
    }

    [Fact]
    public async Task BorrowFrames_StoppedEarlyAndBegunAgain_BeginsAtTheBeginning()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: Many);
        var frames = store.BorrowFramesAsync(session.Id, default, Ct);

        for (var stopAt = 0; stopAt < Many; stopAt += 700)
        {
            var next = 0;
            await foreach (var frame in frames)
            {
                Assert.Equal(next, frame.Sequence);
                if (next == stopAt)
                {
                    break;
                }

                next++;
            }

            Assert.Equal(stopAt, next);
        }
    }

    [Fact]
    public async Task BorrowFrames_AtItsEnd_StaysThere()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: 2);
        await using var frames = store.BorrowFramesAsync(session.Id, default, Ct).GetAsyncEnumerator(Ct);
        Assert.True(await frames.MoveNextAsync());
        Assert.True(await frames.MoveNextAsync());
        Assert.False(await frames.MoveNextAsync());

        await store.AddFrameAsync(Make.Frame(session.Id), Ct);

        Assert.False(await frames.MoveNextAsync());
    }

    [Fact]
    public async Task BorrowFrames_NoSuchSession_Throws()
    {
        var store = await StoreAsync();
        var id = SessionId.New();

        await NotFoundAsync(id, "BorrowFrames", async () => await BorrowedAsync(store, id));
        await NotFoundAsync(id, "BorrowFrames", async () => await BorrowedAsync(store, id, FrameRange.Last(5)));
    }

    [Fact]
    public async Task BorrowFrames_CancelledBetweenPages_Ends()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store, frames: Many);
        using var own = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        using var enumerators = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        foreach (var cancelling in (CancellationTokenSource[])[own, enumerators])
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (var frame in store.BorrowFramesAsync(session.Id, default, own.Token).WithCancellation(enumerators.Token))
                {
                    Assert.True(frame.Sequence < Many - 1);
                    await cancelling.CancelAsync();
                }
            });
        }
    }
}
