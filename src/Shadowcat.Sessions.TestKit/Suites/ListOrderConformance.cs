namespace Shadowcat.Sessions.TestKit;

/// <summary>What a listing promises of its order: by creation, then by id, and exactly the reverse.</summary>
internal sealed class ListOrderConformance(IStoreHarness harness) : StoreConformance(harness)
{
    public static TheoryData<SessionOrder> Orders => [SessionOrder.OldestFirst, SessionOrder.NewestFirst];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task List_AnyTimesAndIds_ComeInTheOrderOfBoth(SessionOrder order)
    {
        var store = await StoreAsync();
        DateTimeOffset[] times =
        [
            DateTimeOffset.MinValue.AddMilliseconds(1), new(1960, 1, 2, 3, 4, 5, TimeSpan.Zero), DateTimeOffset.UnixEpoch, Make.At.AddMilliseconds(-1), Make.At,
            Make.At.AddMilliseconds(1), Make.At.AddYears(100), DateTimeOffset.MaxValue,
        ];
        string[] ids = ["a", "A", "b", "a.b", "a~", "a!", "10", "9", "~", "!", "zz", "Zz", "{a}", "a:b", new string('x', SessionId.MaxLength - 1), new string('x', SessionId.MaxLength - 2)];
        var created = await CreatedAsync(store, ids.SelectMany((id, place) => times.Select((time, at) =>
            new Session(new SessionId($"{id}{at}"), TransportType.Http) { CreatedAt = times[(at + place) % times.Length] })));

        await AssertInOrderAsync(store, created, new SessionFilter { Order = order });
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task List_CreatedOneAfterTheOther_ComesInThatOrderWhateverWasDoneSince(SessionOrder order)
    {
        var store = await StoreAsync();
        var created = new List<Session>();
        foreach (var id in new[] { "c", "a", "d", "b" })
        {
            created.Add(await store.CreateSessionAsync(new Session(new SessionId(id), TransportType.Http), Ct));
            await TickAsync();
        }

        await store.TouchSessionAsync(created[0].Id, Ct);
        await store.AddFrameAsync(Make.Frame(created[1].Id), Ct);
        await store.UpdateSessionAsync(created[2] with { TimeToLive = Lasting * 2, CreatedAt = Make.At }, Ct);

        var listed = await ListedAsync(store, new SessionFilter { Order = order });

        var expected = created.Select(session => session.Id);
        Assert.Equal(order == SessionOrder.OldestFirst ? expected : expected.Reverse(), listed.Select(session => session.Id));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task ListPage_ManyOfTheSameMillisecond_YieldsEachOnceInTheOrderOfIds(SessionOrder order)
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, Enumerable.Range(0, 1200).Select(i => Make.Session() with { CreatedAt = Make.At.AddMilliseconds(i is 3 ? -1 : i is 5 ? 1 : 0) }));

        await AssertInOrderAsync(store, created, new SessionFilter { Order = order }, 100);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task ListPage_OfTheSameMillisecondWhileSomeGo_YieldsThoseThatStayOnce(SessionOrder order)
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, Enumerable.Range(0, 300).Select(_ => new Session(new SessionId($"{Guid.NewGuid():N}"), TransportType.Http) { CreatedAt = Make.At }));
        var staying = created.Select(session => session.Id).ToHashSet();
        var seen = new List<SessionId>();
        string? token = null;
        do
        {
            var page = await store.ListSessionPageAsync(new SessionFilter { Order = order }, 23, token, Ct);
            seen.AddRange(page.Sessions.Select(session => session.Id));
            token = page.ContinuationToken;

            // Where the token points to, some in front of that, and some behind.
            foreach (var id in page.Sessions.TakeLast(1).Concat(page.Sessions.Take(4)).Select(session => session.Id).Concat(staying.Except(seen).Take(3)).ToList())
            {
                staying.Remove(id);
                await store.DeleteSessionAsync(id, Ct);
            }
        }
        while (token is not null);

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(staying.Except(seen));
        var ids = order == SessionOrder.OldestFirst ? seen.Order() : seen.OrderDescending();
        Assert.Equal(ids, seen);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task List_SessionsCreatedAnewElsewhere_AreListedAtTheirPlaceAndThoseThatStayOnce(SessionOrder order)
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, Enumerable.Range(0, 900).Select(i => Make.Session() with { CreatedAt = Make.At.AddMilliseconds(i / 2) }));
        var again = created.Where((_, place) => place % 5 == 0).Select(session => session.Id).ToHashSet();
        var seen = new List<Session>();

        await foreach (var session in store.ListSessionsAsync(new SessionFilter { Order = order }, Ct))
        {
            seen.Add(session);
            if (seen.Count % 4 == 0 && again.Count > 0)
            {
                var id = again.First();
                again.Remove(id);
                await store.DeleteSessionAsync(id, Ct);
                await store.CreateSessionAsync(new Session(id, TransportType.Http) { CreatedAt = Make.At.AddMilliseconds((seen.Count * 7) % 450) }, Ct);
            }
        }

        Assert.Equal(InOrder(seen, order), seen);
        Assert.Equal(seen.Count, seen.DistinctBy(session => session.Generation).Count());
        Assert.Empty(created.Where((_, place) => place % 5 != 0).Select(session => session.Id).Except(seen.Select(session => session.Id)));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task List_CreatedBetween_TakesTheFirstMomentInAndTheLastOut(SessionOrder order)
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, Enumerable.Range(0, 40).Select(i => Make.Session() with { CreatedAt = Make.At.AddMilliseconds(i / 4) }));
        var at = Make.At;
        SessionFilter[] filters =
        [
            new() { CreatedSince = at.AddMilliseconds(3) },
            new() { CreatedSince = at.AddMilliseconds(3).AddTicks(1) },
            new() { CreatedBefore = at.AddMilliseconds(3) },
            new() { CreatedBefore = at.AddMilliseconds(3).AddTicks(1) },
            new() { CreatedSince = at.AddMilliseconds(3).ToOffset(TimeSpan.FromHours(5)), CreatedBefore = at.AddMilliseconds(4) },
            new() { CreatedSince = at.AddMilliseconds(3), CreatedBefore = at.AddMilliseconds(3).AddTicks(1) },
            new() { CreatedSince = DateTimeOffset.MinValue, CreatedBefore = DateTimeOffset.MaxValue },
            new() { CreatedSince = at.AddMilliseconds(4), CreatedBefore = at.AddMilliseconds(4) },
            new() { CreatedSince = at.AddMilliseconds(5), CreatedBefore = at.AddMilliseconds(4) },
            new() { CreatedSince = at.AddYears(1) },
            new() { CreatedBefore = at.AddYears(-100) },
        ];

        foreach (var filter in filters)
        {
            await AssertInOrderAsync(store, [.. created.Where(filter.Matches)], filter with { Order = order });
        }
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task ListPage_TokenOfTheOtherOrder_IsRefused(SessionOrder order)
    {
        var store = await StoreAsync();
        await CreatedAsync(store, Make.Sessions(5));
        var token = (await store.ListSessionPageAsync(new SessionFilter { Order = order }, 2, cancellationToken: Ct)).ContinuationToken;
        Assert.NotNull(token);

        var exception = await RefusedAsync(async () => await store.ListSessionPageAsync(
            new SessionFilter { Order = order == SessionOrder.OldestFirst ? SessionOrder.NewestFirst : SessionOrder.OldestFirst }, 2, token, Ct));

        Assert.Equal("continuationToken", exception.ParamName);
    }

    [Fact]
    public async Task ListPage_NewestFirst_GoesOnAtItsPlaceWhateverIsCreatedMeanwhile()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, Enumerable.Range(0, 60).Select(i => Make.Session() with { CreatedAt = Make.At.AddSeconds(i) }));
        var filter = new SessionFilter { Order = SessionOrder.NewestFirst };
        var first = await store.ListSessionPageAsync(filter, 20, cancellationToken: Ct);
        await CreatedAsync(store, Make.Sessions(30));

        var second = await (await StoreAsync()).ListSessionPageAsync(filter, 20, first.ContinuationToken, Ct);

        Assert.Equal(created.Reverse().Take(40).Select(session => session.Id), first.Sessions.Concat(second.Sessions).Select(session => session.Id));
    }

    [Fact]
    public async Task Session_CreatedBefore1970_IsUpdatedTouchedAndListedAtItsPlace()
    {
        var store = await StoreAsync();
        var recent = await CreatedAsync(store);
        var old = await store.CreateSessionAsync(Make.Session() with { CreatedAt = new DateTimeOffset(1950, 1, 2, 3, 4, 5, 6, TimeSpan.Zero) }, Ct);
        await store.TouchSessionAsync(old.Id, Ct);
        await store.AddFrameAsync(Make.Frame(old.Id), Ct);

        var updated = await store.UpdateSessionAsync(old with { Tags = ["old"] }, Ct);

        Assert.Equal(old.CreatedAt, updated.CreatedAt);
        Assert.Equal([old.Id, recent.Id], (await ListedAsync(store)).Select(session => session.Id));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task List_ImportedSessions_AreWhereTheyWereCreated(SessionOrder order)
    {
        var origin = new InMemorySessionStore();
        var old = await CreatedAsync(origin, Enumerable.Range(0, 50).Select(i => Make.Session() with { CreatedAt = Make.At.AddMilliseconds(-(i % 7)) }));
        var store = await StoreAsync();
        var own = await CreatedAsync(store, Enumerable.Range(0, 50).Select(i => Make.Session() with { CreatedAt = Make.At.AddMilliseconds(-(i % 9)) }));

        await Archived.ImportAsync(store, await Archived.ExportAllAsync(origin));

        await AssertInOrderAsync(store, [.. old, .. own], new SessionFilter { Order = order });
    }

    private static IEnumerable<Session> InOrder(IEnumerable<Session> sessions, SessionOrder order)
    {
        var oldestFirst = sessions.OrderBy(session => session.CreatedAt).ThenBy(session => session.Id.Value, StringComparer.Ordinal);
        return order == SessionOrder.OldestFirst ? oldestFirst : oldestFirst.Reverse();
    }

    /// <summary>Asserts that exactly these sessions are listed, at once and in pages of several sizes, in the order of the filter.</summary>
    private static async Task AssertInOrderAsync(ISessionStore store, IReadOnlyList<Session> sessions, SessionFilter filter, params int[] pageSizes)
    {
        var expected = InOrder(sessions, filter.Order).Select(session => session.Id).ToList();
        Assert.Equal(expected, (await ListedAsync(store, filter)).Select(session => session.Id));
        foreach (var pageSize in pageSizes is [] ? [1, 7, 1000] : pageSizes)
        {
            Assert.Equal(expected, (await PagesAsync(store, filter, pageSize)).SelectMany(page => page.Sessions).Select(session => session.Id));
        }
    }
}
