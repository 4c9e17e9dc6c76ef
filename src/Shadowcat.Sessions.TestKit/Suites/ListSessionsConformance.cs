namespace Shadowcat.Sessions.TestKit;

/// <summary>What <see cref="ISessionStore.ListSessionsAsync"/> and <see cref="ISessionStore.ListSessionPageAsync"/> promise.</summary>
internal sealed class ListSessionsConformance(IStoreHarness harness) : StoreConformance(harness)
{
    public static TheoryData<string> ForeignTokens =>
        ["", " ", "0", "-1", "garbage", "AAAA", "!!!!", "v1", "1:", "null", "{}", "eyJhIjoxfQ==", new string('A', 5000), "日本", "\0"];

    [Fact]
    public async Task List_EmptyStore_YieldsNone()
    {
        var store = await StoreAsync();

        Assert.Empty(await ListedAsync(store));
        var page = await store.ListSessionPageAsync(cancellationToken: Ct);
        Assert.Empty(page.Sessions);
        Assert.Null(page.ContinuationToken);
    }

    [Fact]
    public async Task List_SomeSessions_YieldsThemAsTheyStand()
    {
        var store = await StoreAsync();
        var full = await store.CreateSessionAsync(Make.FullSession(), Ct);
        var other = await CreatedAsync(store, frames: 2);
        other = await store.UpdateSessionAsync(other.Id, session => session with { Tags = ["new"] }, Ct);
        var gone = await CreatedAsync(store);
        await store.DeleteSessionAsync(gone.Id, Ct);

        Assert.Equal([.. new[] { full, other }.OrderBy(session => session.Id)], (await ListedAsync(store)).OrderBy(session => session.Id));
        Assert.Equal(
            [.. new[] { full, other }.OrderBy(session => session.Id)],
            (await store.ListSessionPageAsync(cancellationToken: Ct)).Sessions.OrderBy(session => session.Id));
    }

    [Fact]
    public async Task List_2500Sessions_YieldsEachOnceAndAlwaysInTheSameOrder()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, Make.Sessions(2500));

        var first = await ListedAsync(store);
        var second = await ListedAsync(await StoreAsync());

        Assert.Equal(2500, first.Count);
        Assert.Equal(created.Select(session => session.Id).Order(), first.Select(session => session.Id).Order());
        Assert.Equal(first.Select(session => session.Id), second.Select(session => session.Id));
    }

    [Fact]
    public async Task List_SessionsComeAndGo_YieldsThoseThatStayExactlyOnce()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, Enumerable.Range(0, 2400).Select(_ => new Session(new SessionId($"{Guid.NewGuid():N}"), TransportType.Http)));
        var leaving = created.Where((_, index) => index % 4 == 0).Select(session => session.Id).ToHashSet();
        var staying = created.Where((_, index) => index % 4 != 0).Select(session => session.Id).ToHashSet();
        var coming = new HashSet<SessionId>();
        var left = new Queue<SessionId>(leaving);

        var seen = new List<SessionId>();
        await foreach (var session in store.ListSessionsAsync(cancellationToken: Ct))
        {
            seen.Add(session.Id);
            if (seen.Count % 3 == 0 && left.TryDequeue(out var id))
            {
                await store.DeleteSessionAsync(id, Ct);
                var added = await store.CreateSessionAsync(new Session(new SessionId($"{Guid.NewGuid():N}"), TransportType.Http), Ct);
                coming.Add(added.Id);
            }
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(staying.Except(seen));
        Assert.Empty(seen.Except(staying).Except(leaving).Except(coming));
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(7, 50)]
    [InlineData(50, 50)]
    [InlineData(1000, 50)]
    public async Task ListPage_PageByPage_YieldsEachOnceAndNoPageTooLong(int pageSize, int count)
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, Make.Sessions(count));

        var pages = await PagesAsync(store, null, pageSize);

        Assert.All(pages, page => Assert.True(page.Sessions.Count <= pageSize));
        Assert.Equal(
            created.Select(session => session.Id).Order(),
            pages.SelectMany(page => page.Sessions).Select(session => session.Id).Order());
    }

    [Fact]
    public async Task ListPage_NextPageFromANewStore_GoesOnWhereTheOtherStopped()
    {
        var created = await CreatedAsync(await StoreAsync(), Make.Sessions(230));
        var seen = new List<SessionId>();
        string? token = null;
        do
        {
            var page = await (await StoreAsync()).ListSessionPageAsync(null, 50, token, Ct);
            seen.AddRange(page.Sessions.Select(session => session.Id));
            token = page.ContinuationToken;
        }
        while (token is not null);

        Assert.Equal(created.Select(session => session.Id).Order(), seen.Order());
    }

    [Fact]
    public async Task ListPage_AnyIds_GoesOnBehindEach()
    {
        var store = await StoreAsync();
        string[] ids = [.. LifecycleConformance.HostileIds.Select(row => row.Data), "a.b.c", "1.0.1.a", ".", "~" + new string('~', SessionId.MaxLength - 1)];
        await CreatedAsync(store, ids.Select(id => new Session(new SessionId(id), TransportType.Http)));

        var pages = await PagesAsync(store, null, 1);

        Assert.All(pages, page => Assert.True(page.Sessions.Count <= 1));
        Assert.Equal(
            ids.Order(StringComparer.Ordinal), pages.SelectMany(page => page.Sessions).Select(session => session.Id.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task List_BegunAgain_BeginsAtTheBeginning()
    {
        var store = await StoreAsync();
        await CreatedAsync(store, Make.Sessions(30));
        var sessions = store.ListSessionsAsync(cancellationToken: Ct);
        var some = await sessions.Take(7).ToListAsync(Ct);

        var all = await sessions.ToListAsync(Ct);

        Assert.Equal(30, all.Count);
        Assert.Equal(some, all.Take(7));
    }

    [Fact]
    public async Task ListPage_SameTokenTwice_YieldsTheSamePage()
    {
        var store = await StoreAsync();
        await CreatedAsync(store, Make.Sessions(60));
        var token = (await store.ListSessionPageAsync(null, 20, null, Ct)).ContinuationToken;
        Assert.NotNull(token);

        var once = await store.ListSessionPageAsync(null, 20, token, Ct);
        var again = await store.ListSessionPageAsync(null, 20, token, Ct);

        Assert.NotEmpty(once.Sessions);
        Assert.Equal(once.Sessions, again.Sessions);
    }

    [Fact]
    public async Task ListPage_DeletionsAndCreationsBetweenPages_YieldsThoseThatStayExactlyOnce()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, Enumerable.Range(0, 400).Select(_ => new Session(new SessionId($"{Guid.NewGuid():N}"), TransportType.Http)));
        var staying = created.Select(session => session.Id).ToHashSet();
        var gone = new HashSet<SessionId>();
        var come = new HashSet<SessionId>();

        var seen = new List<SessionId>();
        string? token = null;
        do
        {
            var page = await store.ListSessionPageAsync(null, 37, token, Ct);
            seen.AddRange(page.Sessions.Select(session => session.Id));
            token = page.ContinuationToken;

            // The last one of the page is the one a careless token would point to.
            foreach (var id in page.Sessions.TakeLast(2).Select(session => session.Id).Concat(staying.Except(seen).Take(3)).ToList())
            {
                if (staying.Remove(id))
                {
                    gone.Add(id);
                    await store.DeleteSessionAsync(id, Ct);
                }

                if (come.Count < 60)
                {
                    come.Add((await store.CreateSessionAsync(new Session(new SessionId($"{Guid.NewGuid():N}"), TransportType.Http), Ct)).Id);
                }
            }
        }
        while (token is not null);

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(staying.Except(seen));
        Assert.Empty(seen.Except(staying).Except(gone).Except(come));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public async Task ListPage_PageSizeOutOfBounds_IsRefused(int pageSize)
    {
        var store = await StoreAsync();

        var exception = await RefusedAsync(async () => await store.ListSessionPageAsync(null, pageSize, null, Ct));

        Assert.Equal("pageSize", exception.ParamName);
    }

    [Theory]
    [MemberData(nameof(ForeignTokens))]
    public async Task ListPage_TokenThisStoreNeverGave_IsRefused(string token)
    {
        var store = await StoreAsync();
        await CreatedAsync(store);

        var exception = await RefusedAsync(async () => await store.ListSessionPageAsync(null, 10, token, Ct));

        Assert.Equal("continuationToken", exception.ParamName);
    }
}
