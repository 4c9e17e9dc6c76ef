namespace Shadowcat.Sessions.TestKit;

/// <summary>What a listing promises of the conditions of a <see cref="SessionFilter"/>.</summary>
internal sealed class FilterSessionsConformance(IStoreHarness harness) : StoreConformance(harness)
{
    [Fact]
    public async Task List_BySingleConditions_YieldsThoseThatMeetThem()
    {
        var store = await StoreAsync();
        var owner = new SessionOwner("sub", "alice", "issuer");
        await NamedAsync(store, "plain", s => s);
        await NamedAsync(store, "failed", s => s.AsClosed(SessionStatus.Failed));
        await NamedAsync(store, "stdio", s => s with { TransportType = TransportType.Stdio });
        await NamedAsync(store, "red", s => s with { Tags = ["red"] });
        await NamedAsync(store, "redblue", s => s with { Tags = ["blue", "red", "größe"] });
        await NamedAsync(store, "alice", s => s with { Owner = owner });
        await NamedAsync(store, "otherissuer", s => s with { Owner = new SessionOwner("sub", "alice", "other") });

        await AssertListedAsync(store, new SessionFilter { Status = SessionStatus.Failed }, "failed");
        await AssertListedAsync(store, new SessionFilter { Status = SessionStatus.TimedOut });
        await AssertListedAsync(store, new SessionFilter { TransportType = TransportType.Stdio }, "stdio");
        await AssertListedAsync(store, new SessionFilter { Tags = ["red"] }, "red", "redblue");
        await AssertListedAsync(store, new SessionFilter { Tags = ["red", "blue"] }, "redblue");
        await AssertListedAsync(store, new SessionFilter { Tags = ["red", "violet"] });
        await AssertListedAsync(store, new SessionFilter { Tags = ["größe"] }, "redblue");
        await AssertListedAsync(store, new SessionFilter { Tags = ["re"] });
        await AssertListedAsync(store, new SessionFilter { Tags = ["RED"] });
        await AssertListedAsync(store, new SessionFilter { Tags = ["red"], WithoutTags = ["blue", "green"] }, "red");
        await AssertListedAsync(store, new SessionFilter { Tags = ["red"], WithoutTags = ["red"] });
        await AssertListedAsync(store, new SessionFilter { Owner = new SessionOwner("sub", "alice", "issuer") }, "alice");
        await AssertListedAsync(store, SessionFilter.None, "plain", "failed", "stdio", "red", "redblue", "alice", "otherissuer");
        await AssertListedAsync(store, new SessionFilter { Status = SessionStatus.Active, Tags = ["red"], TransportType = TransportType.StreamableHttp }, "red", "redblue");
        await AssertListedAsync(store, new SessionFilter { Status = SessionStatus.Failed, Tags = ["red"] });
    }

    [Fact]
    public async Task List_ByWhatASessionIs_YieldsThoseThatMeetIt()
    {
        var store = await StoreAsync();
        await NamedAsync(store, "plain", s => s);
        await NamedAsync(store, "client", s => s with { ClientInfo = Peer.Create("clïent", "1") });
        await NamedAsync(store, "otherclient", s => s with { ClientInfo = Peer.Create("Clïent", "1"), ServerInfo = Peer.Create("clïent", "1") });
        await NamedAsync(store, "both", s => s with { ClientInfo = Peer.Create("clïent", "2", "Client"), ServerInfo = Peer.Create("server", "1") });
        await NamedAsync(store, "nameless", s => s with { ClientInfo = Peer.Parse("{}"), ServerInfo = Peer.Parse("""{"title":"server"}""") });
        await NamedAsync(store, "transport", s => s with { TransportSessionId = "größe/1", CorrelationKey = "größe/1" });
        await NamedAsync(store, "correlated", s => s with { CorrelationKey = "trace", Boundary = SessionBoundary.Correlated });
        await NamedAsync(store, "initializing", s => s with { State = SessionState.Initializing, Boundary = SessionBoundary.Exchange });

        await AssertListedAsync(store, new SessionFilter { ClientName = "clïent" }, "client", "both");
        await AssertListedAsync(store, new SessionFilter { ClientName = "cl" });
        await AssertListedAsync(store, new SessionFilter { ClientName = "" }, "nameless");
        await AssertListedAsync(store, new SessionFilter { ServerName = "server" }, "both");
        await AssertListedAsync(store, new SessionFilter { ServerName = "clïent" }, "otherclient");
        await AssertListedAsync(store, new SessionFilter { ClientName = "clïent", ServerName = "server" }, "both");
        await AssertListedAsync(store, new SessionFilter { ClientName = "clïent", ServerName = "clïent" });
        await AssertListedAsync(store, new SessionFilter { TransportSessionId = "größe/1" }, "transport");
        await AssertListedAsync(store, new SessionFilter { TransportSessionId = "GRÖSSE/1" });
        await AssertListedAsync(store, new SessionFilter { CorrelationKey = "trace" }, "correlated");
        await AssertListedAsync(store, new SessionFilter { CorrelationKey = "größe/1", TransportSessionId = "größe/1" }, "transport");
        await AssertListedAsync(store, new SessionFilter { Boundary = SessionBoundary.Correlated }, "correlated");
        await AssertListedAsync(store, new SessionFilter { Boundary = SessionBoundary.Exchange, State = SessionState.Initializing }, "initializing");
        await AssertListedAsync(store, new SessionFilter { Boundary = SessionBoundary.Correlated, State = SessionState.Closed });
    }

    [Fact]
    public async Task List_EveryConditionAtOnce_YieldsTheOneThatMeetsAll()
    {
        var store = await StoreAsync();
        var wanted = await store.CreateSessionAsync(Make.FullSession(), Ct);
        var filter = new SessionFilter
        {
            Status = wanted.Status,
            State = wanted.State,
            Boundary = wanted.Boundary,
            TransportType = wanted.TransportType,
            Tags = wanted.Tags,
            WithoutTags = ["other"],
            Owner = wanted.Owner,
            ClientName = wanted.ClientInfo!.Name,
            ServerName = wanted.ServerInfo!.Name,
            TransportSessionId = wanted.TransportSessionId,
            CorrelationKey = wanted.CorrelationKey,
            CreatedSince = wanted.CreatedAt,
            CreatedBefore = wanted.CreatedAt.AddTicks(1),
            ActiveSince = wanted.LastActivity,
            ActiveBefore = wanted.LastActivity.AddDays(1),
            Order = SessionOrder.NewestFirst,
        };
        Func<Session, Session>[] others =
        [
            s => s.AsClosed(SessionStatus.Completed),
            s => s with { Boundary = SessionBoundary.Exchange },
            s => s with { TransportType = TransportType.Stdio },
            s => s with { Tags = ["prod"] },
            s => s with { Tags = [.. s.Tags, "other"] },
            s => s with { Owner = null },
            s => s with { ClientInfo = null },
            s => s with { ServerInfo = s.ClientInfo },
            s => s with { TransportSessionId = null },
            s => s with { CorrelationKey = s.TransportSessionId },
            s => s with { CreatedAt = s.CreatedAt.AddMilliseconds(-1) },
            s => s with { CreatedAt = s.CreatedAt.AddMilliseconds(1) },
        ];
        await CreatedAsync(store, others.Select(with => with(Make.FullSession())));

        await AssertListedAsync(store, filter, wanted.Id.Value);
    }

    [Fact]
    public async Task ListPage_RareCondition_ComesToEveryOneThatMeetsIt()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, Enumerable.Range(0, 2300).Select(i => i % 200 == 7 ? Make.Session() with { ClientInfo = Peer.Create("rare", "1") } : Make.Session()));
        var filter = new SessionFilter { ClientName = "rare", Order = SessionOrder.NewestFirst };

        var pages = await PagesAsync(store, filter, 3);

        Assert.All(pages, page => Assert.True(page.Sessions.Count <= 3));
        Assert.Equal(
            created.Where(filter.Matches).Select(session => session.Id).Order(),
            pages.SelectMany(page => page.Sessions).Select(session => session.Id).Order());
    }

    [Fact]
    public async Task List_AfterAnUpdate_FiltersByWhatIsNow()
    {
        var store = await StoreAsync();
        var session = await NamedAsync(store, "one", s => s with { Tags = ["before"] });
        await store.UpdateSessionAsync((session with { Tags = ["after"], TransportType = TransportType.Sse }).AsClosed(SessionStatus.Completed), Ct);

        await AssertListedAsync(store, new SessionFilter { Tags = ["before"] });
        await AssertListedAsync(store, new SessionFilter { Status = SessionStatus.Active });
        await AssertListedAsync(store, new SessionFilter { TransportType = TransportType.StreamableHttp });
        await AssertListedAsync(store, new SessionFilter { Tags = ["after"], Status = SessionStatus.Completed, TransportType = TransportType.Sse }, "one");
    }

    [Fact]
    public async Task List_ByActivity_TakesTheFirstMomentInAndTheLastOut()
    {
        var store = await StoreAsync();
        var early = await NamedAsync(store, "early", s => s);
        await TickAsync();
        var middle = await NamedAsync(store, "middle", s => s);
        await TickAsync();
        await NamedAsync(store, "late", s => s);

        await AssertListedAsync(store, new SessionFilter { ActiveSince = middle.LastActivity }, "middle", "late");
        await AssertListedAsync(store, new SessionFilter { ActiveBefore = middle.LastActivity }, "early");
        await AssertListedAsync(store, new SessionFilter { ActiveSince = early.LastActivity, ActiveBefore = middle.LastActivity }, "early");
        await AssertListedAsync(store, new SessionFilter { ActiveBefore = early.LastActivity });

        await TickAsync();
        await store.AddFrameAsync(Make.Frame(early.Id), Ct);
        await AssertListedAsync(store, new SessionFilter { ActiveSince = middle.LastActivity }, "early", "middle", "late");
        await TickAsync();
        await store.TouchSessionAsync(middle.Id, Ct);
        var touched = await GottenAsync(store, middle.Id);
        await AssertListedAsync(store, new SessionFilter { ActiveSince = touched.LastActivity }, "middle");
    }

    [Fact]
    public async Task ListPage_Filtered_YieldsExactlyThoseThatMatch()
    {
        var store = await StoreAsync();
        var created = await CreatedAsync(store, Enumerable.Range(0, 1500).Select(i => i % 100 == 0 ? Make.Session() with { Tags = ["rare"] } : Make.Session()));
        var filter = new SessionFilter { Tags = ["rare"] };

        var pages = await PagesAsync(store, filter, 4);

        Assert.All(pages, page => Assert.True(page.Sessions.Count <= 4));
        Assert.Equal(
            created.Where(filter.Matches).Select(session => session.Id).Order(),
            pages.SelectMany(page => page.Sessions).Select(session => session.Id).Order());
    }

    [Fact]
    public async Task ListPage_FilterThatPassesManyBy_EndsThePageEarly()
    {
        var store = await StoreAsync();
        await CreatedAsync(store, Make.Sessions(2500));

        var page = await store.ListSessionPageAsync(new SessionFilter { Tags = ["none has it"] }, 10, null, Ct);

        Assert.Empty(page.Sessions);
        Assert.NotNull(page.ContinuationToken);
    }

    private static ValueTask<Session> NamedAsync(ISessionStore store, string name, Func<Session, Session> with) =>
        store.CreateSessionAsync(with(new Session(new SessionId(name), TransportType.StreamableHttp)), Ct);

    private static async Task AssertListedAsync(ISessionStore store, SessionFilter filter, params string[] names)
    {
        var expected = names.Order(StringComparer.Ordinal).ToList();
        Assert.Equal(expected, (await ListedAsync(store, filter)).Select(session => session.Id.Value).Order(StringComparer.Ordinal));
        Assert.Equal(
            expected,
            (await PagesAsync(store, filter, 2)).SelectMany(page => page.Sessions).Select(session => session.Id.Value).Order(StringComparer.Ordinal));
    }
}
