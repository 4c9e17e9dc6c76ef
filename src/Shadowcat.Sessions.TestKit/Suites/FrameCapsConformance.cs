namespace Shadowcat.Sessions.TestKit;

/// <summary>What an append promises where <see cref="SessionStoreOptions.MaxFramesPerSession"/> or <see cref="SessionStoreOptions.MaxFramesBytesPerSession"/> caps what is kept.</summary>
internal sealed class FrameCapsConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Fact]
    public async Task Append_BeyondTheCapOfFrames_KeepsTheNewest()
    {
        var store = await StoreAsync(new SessionStoreOptions { MaxFramesPerSession = 5 });
        var session = await CreatedAsync(store);
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(i, await store.AddFrameAsync(Make.Frame(session.Id, i), Ct));
            await AssertKeptAsync(store, session.Id, first: Math.Max(0, i - 4), count: Math.Min(i + 1, 5));
        }

        await AssertTrimmedAsync(store, session.Id, FrameRange.From(2), 3);
    }

    [Fact]
    public async Task AppendBatch_BeyondTheCapOfFrames_KeepsTheNewest()
    {
        var store = await StoreAsync(new SessionStoreOptions { MaxFramesPerSession = 5 });
        var session = await CreatedAsync(store);

        Assert.Equal(0, await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 3), Ct));
        Assert.Equal(3, await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 4, first: 3), Ct));
        await AssertKeptAsync(store, session.Id, 2, 5);

        Assert.Equal(7, await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 900, first: 7), Ct));
        await AssertKeptAsync(store, session.Id, 902, 5);
        Assert.Equal(907, await store.AddFrameAsync(Make.Frame(session.Id, 907), Ct));
        await AssertKeptAsync(store, session.Id, 903, 5);
    }

    [Fact]
    public async Task Append_CapOfOneFrame_KeepsTheNewest()
    {
        var store = await StoreAsync(new SessionStoreOptions { MaxFramesPerSession = 1 });
        var session = await CreatedAsync(store);

        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 3), Ct);
        await AssertKeptAsync(store, session.Id, 2, 1);
        await store.AddFrameAsync(Make.Frame(session.Id, 3), Ct);
        await AssertKeptAsync(store, session.Id, 3, 1);
    }

    [Fact]
    [ExactSizes]
    public async Task Append_BeyondTheCapOfBytes_KeepsTheNewestThatFit()
    {
        var store = await StoreAsync(new SessionStoreOptions { MaxFramesBytesPerSession = 10_000 });
        var session = await CreatedAsync(store);
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(i, await store.AddFrameAsync(Sized(session.Id, 1000), Ct));
        }

        var kept = await ReadAsync(store, session.Id);
        Assert.InRange(kept.Count, 5, 10);
        Assert.Equal(Enumerable.Range(30 - kept.Count, kept.Count).Select(i => (long)i), kept.Select(frame => frame.Sequence));
        Assert.Equal(kept.Count, await store.CountFramesAsync(session.Id, Ct));
        Assert.Equal((30, 30 - kept.Count), ((await GottenAsync(store, session.Id)).FrameCount, (await GottenAsync(store, session.Id)).FirstSequence));

        Assert.Equal(30, await store.AddFramesAsync(session.Id, [.. Enumerable.Repeat(Sized(session.Id, 1000), 30)], Ct));
        Assert.Equal(kept.Count, await store.CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    [ExactSizes]
    public async Task Append_FramesOfManySizes_NeverKeepsMoreThanTheCapNorLessThanItHolds()
    {
        var store = await StoreAsync(new SessionStoreOptions { MaxFramesBytesPerSession = 20_000 });
        var session = await CreatedAsync(store);
        int[] sizes = [9000, 50, 9000, 1, 5000, 15_000, 100, 100, 4000, 12_000, 3000, 19_000, 10, 10];
        for (var i = 0; i < sizes.Length; i++)
        {
            await store.AddFrameAsync(Sized(session.Id, sizes[i]), Ct);

            var kept = await ReadAsync(store, session.Id);
            Assert.Equal(i, kept[^1].Sequence);
            Assert.Equal(sizes[(int)kept[0].Sequence..(i + 1)], kept.Select(frame => frame.Payload.Length));
            Assert.InRange(kept.Sum(frame => frame.Payload.Length), 1, 20_000);
            if (kept[0].Sequence > 0)
            {
                // One more would not have fitted, even where a stored frame has 200 bytes beside its payload.
                Assert.True(kept.Sum(frame => frame.Payload.Length + 200) + sizes[(int)kept[0].Sequence - 1] + 200 > 20_000);
            }
        }
    }

    [Fact]
    public async Task Append_NewestFrameLargerThanTheCapOfBytes_IsKeptAlone()
    {
        var store = await StoreAsync(new SessionStoreOptions { MaxFramesBytesPerSession = 1 });
        var session = await CreatedAsync(store);

        await store.AddFrameAsync(Make.Frame(session.Id, 0), Ct);
        await AssertKeptAsync(store, session.Id, 0, 1);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 3, first: 1), Ct);
        await AssertKeptAsync(store, session.Id, 3, 1);
    }

    [Fact]
    [ExactSizes]
    public async Task Append_BothCaps_KeepsToTheTighterOne()
    {
        var store = await StoreAsync(new SessionStoreOptions { MaxFramesPerSession = 3, MaxFramesBytesPerSession = 4500 });
        var session = await CreatedAsync(store);
        for (var i = 0; i < 40; i++)
        {
            // Were trimmed bytes not given back, the cap of bytes would sooner or later leave only one.
            await store.AddFrameAsync(Sized(session.Id, 1000), Ct);
            Assert.Equal(Math.Min(i + 1, 3), await store.CountFramesAsync(session.Id, Ct));
        }

        await store.AddFrameAsync(Sized(session.Id, 3000), Ct);
        Assert.Equal(2, await store.CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    public async Task AppendRefusing_BeyondTheCapOfFrames_ChangesNothing()
    {
        var store = await StoreAsync(new SessionStoreOptions { MaxFramesPerSession = 5, FrameOverflow = FrameOverflow.Refuse });
        var session = await CreatedAsync(store, frames: 3);
        var before = await GottenAsync(store, session.Id);
        await TickAsync();

        await AssertRefusedAsync(session.Id, "AddFrames", "MaxFramesPerSession", async () => await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 3, first: 3), Ct));
        Assert.Equal(before, await store.GetSessionAsync(session.Id, Ct));
        await AssertKeptAsync(store, session.Id, 0, 3);

        Assert.Equal(3, await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 2, first: 3), Ct));
        await AssertRefusedAsync(session.Id, "AddFrame", "MaxFramesPerSession", async () => await store.AddFrameAsync(Make.Frame(session.Id), Ct));
        await AssertKeptAsync(store, session.Id, 0, 5);

        Assert.Equal(1, await store.DeleteFramesAsync(session.Id, 1, Ct));
        Assert.Equal(5, await store.AddFrameAsync(Make.Frame(session.Id, 5), Ct));
        await AssertKeptAsync(store, session.Id, 1, 5);
    }

    [Fact]
    public async Task AppendRefusing_BatchLargerThanTheCap_IsRefusedByAnEmptySession()
    {
        var store = await StoreAsync(new SessionStoreOptions { MaxFramesPerSession = 5, FrameOverflow = FrameOverflow.Refuse });
        var session = await CreatedAsync(store);

        await AssertRefusedAsync(session.Id, "AddFrames", "MaxFramesPerSession", async () => await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 6), Ct));

        Assert.Equal(session, await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(0, await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 5), Ct));
    }

    [Fact]
    [ExactSizes]
    public async Task AppendRefusing_BeyondTheCapOfBytes_ChangesNothing()
    {
        var store = await StoreAsync(new SessionStoreOptions { MaxFramesBytesPerSession = 3000, FrameOverflow = FrameOverflow.Refuse });
        var session = await CreatedAsync(store);
        await store.AddFramesAsync(session.Id, [Sized(session.Id, 1000), Sized(session.Id, 1000)], Ct);
        var before = await GottenAsync(store, session.Id);
        await TickAsync();

        await AssertRefusedAsync(session.Id, "AddFrame", "MaxFramesBytesPerSession", async () => await store.AddFrameAsync(Sized(session.Id, 1000), Ct));
        await AssertRefusedAsync(session.Id, "AddFrames", "MaxFramesBytesPerSession", async () => await store.AddFramesAsync(session.Id, [Sized(session.Id, 10), Sized(session.Id, 990)], Ct));
        await AssertRefusedAsync(session.Id, "AddFrames", "MaxFramesBytesPerSession", async () => await store.AddFramesAsync(session.Id, [Sized(session.Id, 500), Sized(session.Id, 500)], Ct));
        Assert.Equal(before, await store.GetSessionAsync(session.Id, Ct));
        Assert.Equal(2, (await ReadAsync(store, session.Id)).Count);

        Assert.Equal(2, await store.AddFrameAsync(Sized(session.Id, 100), Ct));
        await store.DeleteFramesAsync(session.Id, 1, Ct);
        Assert.Equal(3, await store.AddFrameAsync(Sized(session.Id, 1000), Ct));
        Assert.Equal(3, await store.CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    public async Task AppendRefusing_FullSession_LeavesTheOthersAlone()
    {
        var store = await StoreAsync(new SessionStoreOptions { MaxFramesPerSession = 2, FrameOverflow = FrameOverflow.Refuse });
        var full = await CreatedAsync(store, frames: 2);
        var other = await CreatedAsync(store);

        var appends = new[] { full, other, full, other }.Select(session => store.AddFrameAsync(Make.Frame(session.Id), Ct).AsTask()).ToList();

        await Assert.ThrowsAsync<SessionLimitExceededException>(() => appends[0]);
        await Assert.ThrowsAsync<SessionLimitExceededException>(() => appends[2]);
        Assert.Equal([0, 1], (await Task.WhenAll(appends[1], appends[3])).Order());
    }

    [Fact]
    public async Task AppendRefusing_MoreAtOnceThanFit_StoresAsManyAsDo()
    {
        var store = await StoreAsync(new SessionStoreOptions { MaxFramesPerSession = 15, FrameOverflow = FrameOverflow.Refuse });
        var session = await CreatedAsync(store);

        var appends = Make.Frames(session.Id, 40).Select(frame => store.AddFrameAsync(frame, Ct).AsTask()).ToList();

        var stored = new List<long>();
        foreach (var append in appends)
        {
            // Each call stands or falls on its own, however the store sends them together.
            if (await Record.ExceptionAsync(() => append) is { } exception)
            {
                Assert.IsType<SessionLimitExceededException>(exception);
            }
            else
            {
                stored.Add(await append);
            }
        }

        Assert.Equal(Enumerable.Range(0, 15).Select(i => (long)i), stored.Order());
        Assert.Equal(15, await store.CountFramesAsync(session.Id, Ct));
    }

    private static MessageEnvelope Sized(SessionId id, int bytes) => Make.Frame(id, new byte[bytes]);

    private static async Task AssertTrimmedAsync(ISessionStore store, SessionId id, FrameRange range, long first) =>
        Assert.Equal(first, (await Assert.ThrowsAsync<FramesTrimmedException>(async () => await ReadAsync(store, id, range))).FirstSequence);

    private async Task AssertRefusedAsync(SessionId id, string operation, string limit, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<SessionLimitExceededException>(call);
        Assert.Equal((id, NameOf(operation), limit), (exception.SessionId, exception.Operation, exception.Limit));
    }
}
