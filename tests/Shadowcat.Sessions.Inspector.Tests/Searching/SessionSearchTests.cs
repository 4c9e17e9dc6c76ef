namespace Shadowcat.Sessions.Inspector.Tests.Searching;

/// <summary>The small grammar of searches for sessions.</summary>
public sealed class SessionSearchTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Session Found = new Session(new SessionId("id-1"), TransportType.StreamableHttp)
    {
        CreatedAt = Now.AddHours(-2),
        LastActivity = Now.AddMinutes(-10),
        ClientInfo = Peer.Create("claude-code", "1.2", "Claude Code"),
        ServerInfo = Peer.Create("files", "2.0"),
        Tags = ["prod", "two words"],
        Owner = new SessionOwner("sub", "alice", "https://issuer.example"),
        Attributes = SessionAttributes.Create([new("replica", "a-17")]),
        TransportSessionId = "transport-9",
    }.AsClosed(SessionStatus.TimedOut, "a peer fell silent");

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("status:timed-out")]
    [InlineData("STATUS:Timed-Out")]
    [InlineData("state:closed transport:streamable-http")]
    [InlineData("tag:prod tag:\"two words\"")]
    [InlineData("owner:ALI")]
    [InlineData("client:claude server:file")]
    [InlineData("client:\"claude code\"")]
    [InlineData("id:d-1")]
    [InlineData("id:transport-9")]
    [InlineData("since:3h before:1h active:15m")]
    [InlineData("since:2026-12-01 before:2026-12-01T10:30")]
    [InlineData("since:2026-12-01T09:59:59Z")]
    [InlineData("silent")]
    [InlineData("A-17 replica")]
    [InlineData("\"a peer fell\"")]
    [InlineData("-status:failed -tag:test -client:cursor -since:1h -absent")]
    [InlineData("status:timed-out -status:active state:closed -state:active")]
    public void Search_OfWhatASessionHas_FindsIt(string search) => Assert.True(Finds(search));

    [Theory]
    [InlineData("status:failed")]
    [InlineData("status:timed-out status:failed")]
    [InlineData("-status:timed-out")]
    [InlineData("state:active")]
    [InlineData("transport:stdio")]
    [InlineData("tag:pro")]
    [InlineData("-tag:prod")]
    [InlineData("owner:bob")]
    [InlineData("client:cursor")]
    [InlineData("since:1h")]
    [InlineData("before:3h")]
    [InlineData("active:5m")]
    [InlineData("-active:15m")]
    [InlineData("silent absent")]
    [InlineData("-silent")]
    [InlineData("tag:mcp.sse-events")]
    public void Search_OfWhatItHasNot_DoesNot(string search) => Assert.False(Finds(search));

    [Theory]
    [InlineData("status:broken", 0, 13, "'status:' is one of active, completed, failed, timed-out; 'broken' is not among them.")]
    [InlineData("a -statu:x", 2, 8, "There is no field 'statu'. Fields are status, state, transport, tag, owner, client, server, id, since, before, active; put text with a colon between quotation marks.")]
    [InlineData("since:yesterday", 0, 15, "'since:' takes how long ago, such as 30m, 1h or 2d, or a time such as 2026-11-30 or 2026-11-30T10:00; 'yesterday' is neither.")]
    [InlineData("since:99999999h", 0, 15, "'99999999h' is neither")]
    [InlineData("before:0001-01-01", 0, 17, "'0001-01-01' is neither")]
    [InlineData("before:9999-12-31T23:59:59-14:00", 0, 32, "is neither")]
    [InlineData("x client:", 2, 7, "'client:' needs a value behind the colon.")]
    [InlineData("x \"open", 2, 5, "A quotation mark is not closed")]
    [InlineData("transport:websockets", 0, 20, "stdio, http, sse, streamable-http, websocket")]
    public void Search_WithAMistake_SaysWhere(string search, int position, int length, string detail)
    {
        var mistake = Assert.Throws<ProblemException>(() => Parse(search));

        Assert.Equal((400, position, length), (mistake.Status, mistake.Position, mistake.Length));
        Assert.Contains(detail, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_ThatIsTooLong_IsRefused() => Assert.Contains("at most 2000", Assert.Throws<ProblemException>(() => Parse(new string('x', 2001))).Message, StringComparison.Ordinal);

    [Fact]
    public void Search_OfTooManyWords_IsRefused() =>
        Assert.Contains("at most 32 words", Assert.Throws<ProblemException>(() => Parse(string.Join(' ', Enumerable.Range(0, 70).Select(static number => $"tag:t{number}")))).Message, StringComparison.Ordinal);

    [Fact]
    public void Search_OfConditionsThatAStoreKnows_AsksTheStore()
    {
        var search = Parse("status:failed state:closed transport:sse tag:a -tag:b since:1h before:2026-12-01 active:1m");

        Assert.Equal((SessionStatus.Failed, SessionState.Closed, TransportType.Sse), (search.Filter.Status, search.Filter.State, search.Filter.TransportType));
        Assert.Equal((Now.AddHours(-1), new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero), Now.AddMinutes(-1)), (search.Filter.CreatedSince, search.Filter.CreatedBefore, search.Filter.ActiveSince));
        Assert.Equal<SessionTag>(["a"], search.Filter.Tags);
        Assert.Equal<SessionTag>(["b", "mcp.continuation", "mcp.sse-events"], search.Filter.WithoutTags.OrderBy(static tag => tag.Value, StringComparer.Ordinal));
    }

    [Fact]
    public void Search_ForEventLogs_ShowsThem()
    {
        var log = new Session(new SessionId("log"), TransportType.Sse) { Tags = ["mcp.sse-events"] };

        Assert.False(Parse("").Filter.Matches(log));
        Assert.True(Parse("tag:mcp.sse-events").Filter.Matches(log));
    }

    [Fact]
    public void Search_ForADay_IsOfTheZoneOfTheUser()
    {
        var search = SessionSearch.Parse("since:2026-12-01", SessionFilter.None, Now, TimeSpan.FromHours(2));

        Assert.Equal(new DateTimeOffset(2026, 11, 30, 22, 0, 0, TimeSpan.Zero), search.Filter.CreatedSince);
    }

    private static SessionSearch Parse(string search) => SessionSearch.Parse(search, SessionFilter.None, Now);

    private static bool Finds(string search)
    {
        var parsed = Parse(search);
        return parsed.Filter.Matches(Found) && parsed.Matches(Found);
    }
}
