using System.Collections.Concurrent;
using System.Globalization;

namespace Shadowcat.Sessions.TestKit;

/// <summary>Sessions may be created, changed and deleted at the same time, from several stores.</summary>
internal sealed class ConcurrentSessionsConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Fact]
    public async Task Update_OneVersionFromManyAtOnce_ExactlyOneWins()
    {
        ISessionStore[] stores = [await StoreAsync(), await StoreAsync()];
        var session = await CreatedAsync(stores[0]);
        for (var round = 0; round < 5; round++)
        {
            var attempts = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
                async () =>
                {
                    try
                    {
                        return (Won: (Session?)await stores[i % 2].UpdateSessionAsync(session with { CloseReason = $"{i}" }, Ct), Lost: (Session?)null);
                    }
                    catch (SessionConflictException conflict)
                    {
                        return (null, conflict.Current);
                    }
                },
                Ct)));

            var winner = Assert.Single(attempts, attempt => attempt.Won is not null).Won!;
            Assert.Equal(round + 2, winner.Version);
            Assert.All(attempts.Where(attempt => attempt.Won is null), attempt => Assert.Equal(winner, attempt.Lost));
            Assert.Equal(winner, await stores[0].GetSessionAsync(session.Id, Ct));
            session = winner;
        }
    }

    [Fact]
    public async Task UpdateWithFunction_ManyIncrements_AllLand()
    {
        ISessionStore[] stores = [await StoreAsync(), await StoreAsync()];
        var session = await stores[0].CreateSessionAsync(Make.Session() with { CloseReason = "0" }, Ct);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            async () =>
            {
                for (var n = 0; n < 20; n++)
                {
                    await stores[i % 2].UpdateSessionAsync(session.Id, s => s with { CloseReason = $"{int.Parse(s.CloseReason!, CultureInfo.InvariantCulture) + 1}" }, Ct);
                }
            },
            Ct)));

        await Harness.CatchUpAsync();
        var read = await GottenAsync(stores[0], session.Id);
        Assert.Equal("160", read.CloseReason);
        Assert.Equal(161, read.Version);
    }

    [Fact]
    public async Task Update_WhileFramesAreAppendedAndTouched_LosesNeither()
    {
        ISessionStore[] stores = [await StoreAsync(), await StoreAsync()];
        var session = await CreatedAsync(stores[0]);

        var appending = Task.Run(
            async () =>
            {
                for (var i = 0; i < 300; i++)
                {
                    await stores[0].AddFrameAsync(Make.Frame(session.Id, i), Ct);
                    await stores[1].TouchSessionAsync(session.Id, Ct);
                }
            },
            Ct);
        var current = session;
        for (var i = 0; i < 100; i++)
        {
            // Not the function form: no conflict may come of an append.
            current = await stores[1].UpdateSessionAsync(current with { CloseReason = $"{i}" }, Ct);
        }

        await appending;
        await Harness.CatchUpAsync();
        var read = await GottenAsync(stores[0], session.Id);
        Assert.Equal((101, 300, "99"), (read.Version, read.FrameCount, read.CloseReason));
        Make.AssertNumbered(await ReadAsync(stores[0], session.Id), 0, 300);
    }

    [Fact]
    public async Task Create_OneIdFromManyAtOnce_ExactlyOneWins()
    {
        ISessionStore[] stores = [await StoreAsync(), await StoreAsync()];
        var id = SessionId.New();

        var created = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            async () =>
            {
                try
                {
                    return await stores[i % 2].CreateSessionAsync(new Session(id, TransportType.Http) { CloseReason = $"{i}" }, Ct);
                }
                catch (SessionAlreadyExistsException)
                {
                    return null;
                }
            },
            Ct)));

        var winner = Assert.Single(created, session => session is not null);
        Assert.Equal(winner, await stores[0].GetSessionAsync(id, Ct));
        Assert.Equal(1, await stores[1].CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Create_OneValueFromManyAtOnce_AllGetTheSameSession()
    {
        ISessionStore[] stores = [await StoreAsync(), await StoreAsync()];
        var session = Make.Session();

        var created = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            async () => await stores[i % 2].CreateSessionAsync(session, Ct), Ct)));

        Assert.Single(created.Distinct());
        Assert.Equal(1, await stores[0].CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Delete_OneSessionFromManyAtOnce_IsTrueOnce()
    {
        ISessionStore[] stores = [await StoreAsync(), await StoreAsync()];
        var session = await CreatedAsync(stores[0], frames: 3);

        var deleted = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            async () => await stores[i % 2].DeleteSessionAsync(session.Id, Ct), Ct)));

        Assert.Single(deleted, one => one);
        Assert.Equal(0, await stores[0].CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Delete_RacingAppendsUpdatesAndTouches_LeavesNothing()
    {
        ISessionStore[] stores = [await StoreAsync(), await StoreAsync()];
        for (var round = 0; round < 15; round++)
        {
            var value = Make.Session();
            var session = await stores[0].CreateSessionAsync(value, Ct);
            var running = new ConcurrentDictionary<string, bool>();
            var busy = Enumerable.Range(0, 8).Select(i => Task.Run(
                async () =>
                {
                    try
                    {
                        for (var n = 0; ; n++)
                        {
                            await ActAsync(stores[i % 2], session.Id, i % 4, n);
                            running[$"{i}"] = true;
                        }
                    }
                    catch (SessionNotFoundException)
                    {
                        // Which is how each of them must end.
                    }
                },
                Ct)).ToList();

            while (running.Count < 4)
            {
                await LetOthersRunAsync();
            }

            Assert.True(await stores[round % 2].DeleteSessionAsync(session.Id, Ct));
            await Task.WhenAll(busy);

            Assert.Null(await stores[0].GetSessionAsync(session.Id, Ct));
            Assert.Equal(0, await stores[0].CountSessionsAsync(Ct));
            Assert.Empty(await ListedAsync(stores[1]));
            await NotFoundAsync(session.Id, "CountFrames", async () => await stores[0].CountFramesAsync(session.Id, Ct));
            await Assert.ThrowsAsync<SessionNotFoundException>(async () => await stores[1].CreateSessionAsync(value, Ct));
            var anew = await stores[0].CreateSessionAsync(new Session(session.Id, TransportType.Http), Ct);
            Assert.Equal(0, anew.FrameCount);
            Assert.Empty(await ReadAsync(stores[1], session.Id));
            Assert.Equal(0, await stores[1].AddFrameAsync(Make.Frame(session.Id), Ct));
            Assert.True(await stores[0].DeleteSessionAsync(session.Id, Ct));
        }
    }

    [Fact]
    public async Task Delete_WhileAnUnwaitedAppendIsUnderWay_NeverLeavesFramesBehind()
    {
        var store = await StoreAsync();
        for (var round = 0; round < 40; round++)
        {
            var session = await CreatedAsync(store);
            var appends = Make.Frames(session.Id, 20).Select(frame => store.AddFrameAsync(frame, Ct).AsTask()).ToList();
            var delete = store.DeleteSessionAsync(session.Id, Ct).AsTask();
            appends.AddRange(Make.Frames(session.Id, 20).Select(frame => store.AddFrameAsync(frame, Ct).AsTask()));

            Assert.True(await delete);
            foreach (var append in appends)
            {
                var exception = await Record.ExceptionAsync(() => append);
                Assert.True(exception is null or SessionNotFoundException, $"{exception}");
            }

            Assert.Null(await store.GetSessionAsync(session.Id, Ct));
        }

        Assert.Equal(0, await store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Create_WhileTheSameIdIsDeleted_EndsInOneStateOrTheOther()
    {
        ISessionStore[] stores = [await StoreAsync(), await StoreAsync()];
        var id = SessionId.New();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            async () =>
            {
                for (var n = 0; n < 40; n++)
                {
                    try
                    {
                        await stores[i % 2].CreateSessionAsync(new Session(id, TransportType.Http), Ct);
                        await stores[(i + 1) % 2].AddFrameAsync(Make.Frame(id, i), Ct);
                    }
                    catch (SessionStoreException exception) when (exception is SessionAlreadyExistsException or SessionNotFoundException)
                    {
                        await stores[i % 2].DeleteSessionAsync(id, Ct);
                    }
                }
            },
            Ct)));

        await Harness.CatchUpAsync();
        var session = await stores[0].GetSessionAsync(id, Ct);
        Assert.Equal(session is null ? 0 : 1, await stores[0].CountSessionsAsync(Ct));
        Assert.Equal(session is null ? [] : [session], await ListedAsync(stores[1]));
        if (session is not null)
        {
            Assert.Equal(session.FrameCount, (await ReadAsync(stores[0], id)).Count);
            Assert.True(await stores[0].DeleteSessionAsync(id, Ct));
        }

        Assert.Equal(0, await stores[1].CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Count_WhileSessionsComeAndGo_IsNeverBeyondWhatCanBe()
    {
        var store = await StoreAsync();
        await CreatedAsync(store, Make.Sessions(20));
        var (begun, ended) = (0, 0);
        var changing = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                for (var n = 0; n < 50; n++)
                {
                    Interlocked.Increment(ref begun);
                    var session = await CreatedAsync(store);
                    await store.DeleteSessionAsync(session.Id, Ct);
                    Interlocked.Increment(ref ended);
                }
            },
            Ct)));

        while (!changing.IsCompleted)
        {
            // Those that live through the call, and at most each that was there at some moment of it.
            var endedBefore = Volatile.Read(ref ended);
            var count = await store.CountSessionsAsync(Ct);
            Assert.InRange(count, 20, 20 + Volatile.Read(ref begun) - endedBefore);
            await LetOthersRunAsync();
        }

        await changing;
        Assert.Equal(20, await store.CountSessionsAsync(Ct));
    }

    private static async Task ActAsync(ISessionStore store, SessionId id, int what, int number)
    {
        switch (what)
        {
            case 0:
                await store.AddFrameAsync(Make.Frame(id, number), Ct);
                break;
            case 1:
                await store.AddFramesAsync(id, Make.Frames(id, 5), Ct);
                break;
            case 2:
                await store.UpdateSessionAsync(id, session => session with { CloseReason = $"{number}" }, Ct);
                break;
            default:
                if (!await store.TouchSessionAsync(id, Ct))
                {
                    throw new SessionNotFoundException("TouchSession", id);
                }

                break;
        }
    }
}
