using System.Net;
using System.Text.Json;

namespace Shadowcat.Sessions.Inspector.Tests.Listing;

/// <summary>Pages of sessions.</summary>
public sealed class SessionListingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_PageByPage_IsEverySessionOnceNewestFirst()
    {
        var store = await StoreAsync(25);
        await using var application = await InspectedApplication.StartAsync(store);

        var (all, totals) = await ListAsync(application, "size=10");

        Assert.Equal(Enumerable.Range(0, 25).Select(static number => $"s{number:00}").Reverse(), all);
        Assert.Equal([25, null, null], totals);
    }

    [Fact]
    public async Task List_OldestFirst_IsTheReverse()
    {
        await using var application = await InspectedApplication.StartAsync(await StoreAsync(3));

        Assert.Equal(["s00", "s01", "s02"], (await ListAsync(application, "order=oldest")).Ids);
    }

    [Fact]
    public async Task List_ThatFindsFew_EndsPagesEarlyAndLosesNone()
    {
        await using var application = await InspectedApplication.StartAsync(await StoreAsync(120));

        var (all, totals) = await ListAsync(application, "size=10&q=-id:s1%20id:0");

        Assert.Equal(["s90", "s80", "s70", "s60", "s50", "s40", "s30", "s20", "s09", "s08", "s07", "s06", "s05", "s04", "s03", "s02", "s01", "s00"], all);
        Assert.True(totals.Count > 1);
    }

    [Fact]
    public async Task List_OfASession_SaysAllOfIt()
    {
        var recorded = await Recorded.BeginAsync(session: new Session(new SessionId("a/b%41?"), TransportType.WebSocket)
        {
            Boundary = SessionBoundary.Correlated,
            CreatedAt = Recorded.At.AddMilliseconds(7),
            ClientInfo = Peer.Create("client", "1", "The client"),
            VersionState = new VersionState { Requested = "2026-07-28", Negotiated = "2025-11-25", TransportHeader = "2025-06-18", Attempts = [new VersionAttempt("2027-01-01"), new VersionAttempt("2026-07-28", "2025-11-25")] },
            Tags = ["b", "a"],
            Attributes = SessionAttributes.Create([new("replica", "1")]),
            Owner = new SessionOwner("sub", "alice", "https://issuer.example"),
            TransportSessionId = "t",
            CorrelationKey = "k",
            TimeToLive = TimeSpan.FromSeconds(1.5),
        }.AsClosed(SessionStatus.Failed, "why"));
        await recorded.ClientAsync("{}");
        await using var application = await InspectedApplication.StartAsync(recorded.Store);

        var (_, list) = await application.GetAsync("api/sessions");
        var (_, session) = await application.GetAsync("api/sessions/a%2Fb%2541%3F");

        Assert.Equal(list.GetProperty("sessions")[0].GetRawText(), session.GetRawText());
        Assert.Equal(
            """
            {"id":"a/b%41?","transport":"websocket","boundary":"correlated","status":"failed","state":"closed","closed":true,"client":{"name":"client","version":"1","title":"The client"},"server":null,"version":{"requested":"2026-07-28","negotiated":"2025-11-25","transportHeader":"2025-06-18","attempts":[{"requested":"2027-01-01","answered":null},{"requested":"2026-07-28","answered":"2025-11-25"}]},"tags":["a","b"],"attributes":{"replica":"1"},"owner":{"claimType":"sub","value":"alice","issuer":"https://issuer.example"},"transportSessionId":"t","correlationKey":"k","closeReason":"why","createdAt":"2026-03-04T05:06:07.007Z",
            """.Trim(),
            session.GetRawText()[..session.GetRawText().IndexOf("\"lastActivity\"", StringComparison.Ordinal)]);
        Assert.Equal((1.5, JsonValueKind.Null), (session.GetProperty("timeToLive").GetDouble(), session.GetProperty("maxLifetime").ValueKind));
        Assert.Equal((1, 0, 1), (session.GetProperty("frames").GetInt64(), session.GetProperty("first").GetInt64(), session.GetProperty("ver").GetInt64()));
        Assert.False(session.GetProperty("protected").GetBoolean());
    }

    [Fact]
    public async Task List_OfAnEncryptedSession_SaysThatItIs()
    {
        var recorded = await Recorded.BeginAsync(session: new Session(SessionId.New(), TransportType.Stdio) { ClientInfo = Peer.Parse("""{"shadowcat.protected.2":"CfDJ8A"}""") });
        await using var application = await InspectedApplication.StartAsync(recorded.Store);

        var (_, list) = await application.GetAsync("api/sessions");

        var session = list.GetProperty("sessions")[0];
        Assert.True(session.GetProperty("protected").GetBoolean());
        Assert.Equal(JsonValueKind.Null, session.GetProperty("client").ValueKind);
    }

    [Theory]
    [InlineData("size=0", "'size' is a number from 1 to 500; '0' is not among them.")]
    [InlineData("size=501", "'501'")]
    [InlineData("size=many", "'many'")]
    [InlineData("order=random", "'order' is newest or oldest; 'random' is neither.")]
    [InlineData("zone=9999", "getTimezoneOffset")]
    [InlineData("after=nonsense", "Begin the list anew.")]
    [InlineData("q=colour:red", "There is no field 'colour'.")]
    public async Task List_ThatIsNotUnderstood_SaysWhy(string query, string detail)
    {
        await using var application = await InspectedApplication.StartAsync(new InMemorySessionStore());

        var (status, problem) = await application.GetAsync($"api/sessions?{query}");

        Assert.Equal((HttpStatusCode.BadRequest, 400), (status, problem.GetProperty("status").GetInt32()));
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OfAStoreThatIsAway_SaysWhenToTryAgain()
    {
        var store = new FailingStore(new InMemorySessionStore()) { IsAway = true };
        await using var application = await InspectedApplication.StartAsync(store);

        using var response = await application.SendAsync(HttpMethod.Get, "api/sessions");
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Ct)).RootElement;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(2)), (response.StatusCode, response.Headers.RetryAfter?.Delta));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("the server is away. The page tries again by itself.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Session_ThatIsNotThere_IsGone()
    {
        await using var application = await InspectedApplication.StartAsync(new InMemorySessionStore());

        var (absent, problem) = await application.GetAsync("api/sessions/none");
        var (impossible, _) = await application.GetAsync("api/sessions/gr%C3%B6%C3%9Fe");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (absent, impossible));
        Assert.Contains("Go back to the list", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api/unknown")]
    [InlineData("api/sessions/s/frames/0/unknown")]
    [InlineData("api/")]
    public async Task Address_OfAnotherVersion_SaysToLoadThePageAnew(string path)
    {
        await using var application = await InspectedApplication.StartAsync(new InMemorySessionStore());

        var (status, problem) = await application.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("load it anew", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static async Task<ISessionStore> StoreAsync(int sessions)
    {
        var store = new InMemorySessionStore();
        for (var number = 0; number < sessions; number++)
        {
            await store.CreateSessionAsync(new Session(new SessionId($"s{number:00}"), TransportType.Stdio) { CreatedAt = Recorded.At.AddSeconds(number) }, Ct);
        }

        return store;
    }

    private static async Task<(List<string?> Ids, List<long?> Totals)> ListAsync(InspectedApplication application, string query)
    {
        var (ids, totals) = (new List<string?>(), new List<long?>());
        for (string? next = ""; next is not null;)
        {
            var (status, page) = await application.GetAsync($"api/sessions?{query}&after={Uri.EscapeDataString(next)}");
            Assert.Equal(HttpStatusCode.OK, status);
            ids.AddRange(page.GetProperty("sessions").EnumerateArray().Select(static session => session.GetProperty("id").GetString()));
            totals.Add(page.GetProperty("total") is { ValueKind: JsonValueKind.Number } total ? total.GetInt64() : null);
            next = page.GetProperty("next").GetString();
        }

        return (ids, totals);
    }
}
