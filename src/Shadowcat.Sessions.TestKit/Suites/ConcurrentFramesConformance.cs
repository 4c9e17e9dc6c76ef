namespace Shadowcat.Sessions.TestKit;

/// <summary>Frames may be appended and read at the same time, from several stores.</summary>
internal sealed class ConcurrentFramesConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Fact]
    public async Task Append_8Writers1000FramesEach_AreDenseAndKeepEachWritersOrder()
    {
        ISessionStore[] stores = [await StoreAsync(), await StoreAsync()];
        var session = await CreatedAsync(stores[0]);

        var returned = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(
            async () =>
            {
                var sequences = new List<long>();
                for (var i = 0; i < 1000; i++)
                {
                    sequences.Add(await stores[writer % 2].AddFrameAsync(Make.Frame(session.Id, (writer * 1000) + i), Ct));
                }

                return sequences;
            },
            Ct)));

        var read = await ReadAsync(stores[0], session.Id);
        Assert.Equal(Enumerable.Range(0, 8000).Select(i => (long)i), read.Select(frame => frame.Sequence));
        for (var writer = 0; writer < 8; writer++)
        {
            var own = read.Where(frame => Make.Number(frame) / 1000 == writer).ToList();
            Assert.Equal(Enumerable.Range(writer * 1000, 1000), own.Select(Make.Number));
            Assert.Equal(returned[writer], own.Select(frame => frame.Sequence));
        }

        await Harness.CatchUpAsync();
        Assert.Equal(8000, (await GottenAsync(stores[1], session.Id)).FrameCount);
        Assert.Equal(8000, await stores[1].CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Append_WithoutWaitingForTheOneBefore_IsThereOnceAtItsSequence()
    {
        var store = await StoreAsync();
        var session = await CreatedAsync(store);

        var sequences = await Task.WhenAll(Make.Frames(session.Id, 500).Select(frame => store.AddFrameAsync(frame, Ct).AsTask()));

        Assert.Equal(Enumerable.Range(0, 500).Select(i => (long)i), sequences.Order());
        var read = await ReadAsync(store, session.Id);
        Assert.Equal(500, read.Count);
        Assert.All(read, frame => Assert.Equal(sequences[Make.Number(frame)], frame.Sequence));
    }

    [Fact]
    public async Task AppendBatches_FromManyWriters_AreNeverTornApart()
    {
        ISessionStore[] stores = [await StoreAsync(), await StoreAsync()];
        var session = await CreatedAsync(stores[0]);

        var firsts = await Task.WhenAll(Enumerable.Range(0, 120).Select(batch => Task.Run(
            async () => batch % 3 == 0
                ? await stores[batch % 2].AddFrameAsync(Make.Frame(session.Id, batch * 100), Ct)
                : await stores[batch % 2].AddFramesAsync(session.Id, Make.Frames(session.Id, 20, first: batch * 100), Ct),
            Ct)));

        var read = await ReadAsync(stores[1], session.Id);
        Assert.Equal((80 * 20) + 40, read.Count);
        for (var batch = 0; batch < 120; batch++)
        {
            var own = read.Skip((int)firsts[batch]).Take(batch % 3 == 0 ? 1 : 20).ToList();
            Assert.Equal(Enumerable.Range(batch * 100, own.Count), own.Select(Make.Number));
            Assert.Equal(firsts[batch], own[0].Sequence);
        }
    }

    [Fact]
    public async Task Append_ToManySessionsAtOnce_ReachesEachItsOwn()
    {
        ISessionStore[] stores = [await StoreAsync(), await StoreAsync()];
        var sessions = await CreatedAsync(stores[0], Make.Sessions(60));

        await Task.WhenAll(sessions.Select((session, index) => Task.Run(
            async () =>
            {
                for (var i = 0; i < 20; i++)
                {
                    Assert.Equal(i, await stores[(index + i) % 2].AddFrameAsync(Make.Frame(session.Id, (index * 20) + i), Ct));
                }
            },
            Ct)));

        for (var index = 0; index < sessions.Count; index++)
        {
            var read = await ReadAsync(stores[0], sessions[index].Id);
            Assert.Equal(Enumerable.Range(index * 20, 20), read.Select(Make.Number));
            Assert.All(read, frame => Assert.Equal(sessions[index].Id, frame.SessionId));
        }
    }

    [Fact]
    public async Task Append_FromFortyStoresInTurn_KeepsEachFrameOnce()
    {
        var stores = new List<ISessionStore>();
        while (stores.Count < 40)
        {
            stores.Add(await StoreAsync());
        }

        var session = await CreatedAsync(stores[0]);
        for (var i = 0; i < 160; i++)
        {
            // No store may be at a loss because so many others wrote since it did.
            Assert.Equal(i, await stores[i % 40].AddFrameAsync(Make.Frame(session.Id, i), Ct));
        }

        Make.AssertNumbered(await ReadAsync(stores[7], session.Id), 0, 160);
    }

    [Fact]
    public async Task Append_AfterAnotherStoreDeletedAndCreatedTheSessionAnew_BeginsAtZero()
    {
        ISessionStore[] stores = [await StoreAsync(), await StoreAsync()];
        var id = SessionId.New();
        for (var life = 0; life < 3; life++)
        {
            await stores[1].CreateSessionAsync(new Session(id, TransportType.Http), Ct);
            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(i, await stores[0].AddFrameAsync(Make.Frame(id, i), Ct));
            }

            Make.AssertNumbered(await ReadAsync(stores[1], id), 0, 5);
            await stores[1].DeleteSessionAsync(id, Ct);
        }
    }

    [Fact]
    public async Task Append_CappedSessionFromManyWriters_KeepsADenseWindow()
    {
        var options = new SessionStoreOptions { MaxFramesPerSession = 50 };
        ISessionStore[] stores = [await StoreAsync(options), await StoreAsync(options)];
        var session = await CreatedAsync(stores[0]);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(
            async () =>
            {
                for (var i = 0; i < 50; i++)
                {
                    await stores[writer % 2].AddFrameAsync(Make.Frame(session.Id, i), Ct);
                }
            },
            Ct)));

        var read = await ReadAsync(stores[0], session.Id);
        Assert.Equal(Enumerable.Range(350, 50).Select(i => (long)i), read.Select(frame => frame.Sequence));
    }

    [Fact]
    public async Task Read_WhileFramesAreAppendedAndTrimmed_NeverSkipsSilently()
    {
        var options = new SessionStoreOptions { MaxFramesPerSession = 200 };
        ISessionStore[] stores = [await StoreAsync(options), await StoreAsync(options)];
        var session = await CreatedAsync(stores[0]);
        var appending = Task.Run(
            async () =>
            {
                for (var i = 0; i < 3000; i += 10)
                {
                    await stores[0].AddFramesAsync(session.Id, Make.Frames(session.Id, 10, first: i), Ct);
                }
            },
            Ct);

        long next = 0;
        while (next < 3000)
        {
            try
            {
                await foreach (var frame in stores[1].GetFramesAsync(session.Id, FrameRange.From(next), Ct))
                {
                    Assert.Equal(next, frame.Sequence);
                    Assert.Equal(next, Make.Number(frame));
                    next++;
                }
            }
            catch (FramesTrimmedException exception)
            {
                Assert.Equal(next, exception.RequestedSequence);
                Assert.True(exception.FirstSequence > next);
                next = exception.FirstSequence;
            }

            await LetOthersRunAsync();
        }

        await appending;
        Make.AssertNumbered(await ReadAsync(stores[1], session.Id), 2800, 200);
    }
}
