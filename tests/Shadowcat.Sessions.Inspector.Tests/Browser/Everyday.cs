using Microsoft.Extensions.Time.Testing;
using static Shadowcat.Sessions.Inspector.Tests.Browser.Conversation;

namespace Shadowcat.Sessions.Inspector.Tests.Browser;

/// <summary>What recordings are made of every day: a store with sessions of all kinds, and a session in which most things happen that can.</summary>
internal static class Everyday
{
    private static readonly (string Client, string Server, int MinutesAgo, SessionStatus Status, string? Reason, string Tag)[] Others =
    [
        ("claude-code", "github", 3, SessionStatus.Active, null, "staging"),
        ("inspector", "filesystem", 8, SessionStatus.Completed, "the client closed its end", "local"),
        ("cursor", "postgres", 17, SessionStatus.Failed, "the server exited with 139", "staging"),
        ("claude-code", "weather", 41, SessionStatus.Completed, "the client closed its end", "production"),
        ("my-agent", "browser", 64, SessionStatus.TimedOut, "nothing was said for 30 minutes", "production"),
        ("claude-code", "github", 122, SessionStatus.Completed, "the client closed its end", "production"),
        ("cursor", "sentry", 190, SessionStatus.Completed, "the client closed its end", "staging"),
        ("my-agent", "postgres", 420, SessionStatus.Failed, "the server closed the stream within a message", "production"),
        ("inspector", "weather", 1500, SessionStatus.Completed, "the client closed its end", "local"),
        ("claude-code", "filesystem", 2900, SessionStatus.Completed, "the client closed its end", "local"),
    ];

    private static readonly Dictionary<string, string> Versions = new(StringComparer.Ordinal)
    {
        ["claude-code"] = "2.1",
        ["inspector"] = "0.19.0",
        ["cursor"] = "1.7.52",
        ["my-agent"] = "0.3",
        ["github"] = "0.20.1",
        ["filesystem"] = "2026.8",
        ["postgres"] = "0.6.2",
        ["weather"] = "1.4",
        ["browser"] = "0.0.41",
        ["sentry"] = "0.18",
    };

    /// <summary>Fills a store; the newest session is the one that <see cref="TalkAsync"/> holds.</summary>
    /// <param name="store">The store.</param>
    /// <param name="clock">The clock of the store, set to when the sessions were held; null where it has none of its own.</param>
    public static async Task<Conversation> FillAsync(ISessionStore store, FakeTimeProvider? clock = null)
    {
        var now = DateTimeOffset.UtcNow;
        foreach (var (client, server, minutesAgo, status, reason, tag) in Others.Reverse())
        {
            clock?.SetUtcNow(now.AddMinutes(-minutesAgo));
            var other = await BeginAsync(store, client, server, TimeSpan.FromMinutes(minutesAgo), session => session with
            {
                ClientInfo = Peer.Create(client, Versions[client]),
                ServerInfo = Peer.Create(server, Versions[server]),
                TransportType = server is "filesystem" or "postgres" or "browser" ? TransportType.Stdio : TransportType.StreamableHttp,
                Tags = [new SessionTag(tag)],
            });
            for (var id = 1; id <= 3 + (minutesAgo % 5); id++)
            {
                await other.CallAsync(id, "query", 4 * id);
            }

            if (status != SessionStatus.Active)
            {
                await other.CloseAsync(status, reason);
            }
        }

        clock?.SetUtcNow(now);
        return await TalkAsync(store);
    }

    /// <summary>A session with calls that go well, fail, are cancelled and are still open, progress, logs, a task, a question of the server, a retry and a gap.</summary>
    public static async Task<Conversation> TalkAsync(ISessionStore store, string forecast = "Oslo: sun, 4 °C")
    {
        var talk = await BeginAsync(store, ago: TimeSpan.FromMinutes(1), configure: static session => session with
        {
            Tags = [new SessionTag("staging")],
            Attributes = SessionAttributes.Create([new("deployment", "blue"), new("region", "eu-north")]),
            TransportSessionId = "mcp-7f3a",
        });
        await talk.ClientAsync(Request(0, "initialize", """{"protocolVersion":"2025-11-25","capabilities":{"sampling":{}},"clientInfo":{"name":"claude-code","version":"2.1"}}"""));
        await talk.ServerAsync(Result(0, """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"weather","version":"1.4"}}"""), 24, null, ("http.status", "200"), ("http.header.content-type", "application/json"));
        await talk.ClientAsync(Notification("notifications/initialized"));
        await talk.ClientAsync(Request(1, "tools/list"));
        await talk.ServerAsync(Result(1, """{"tools":[{"name":"get_forecast","description":"The weather of the next days","inputSchema":{"type":"object"}}]}"""), 6);
        await CallWithProgressAsync(talk, forecast);
        await FailAsync(talk);
        await CancelAsync(talk);
        await RunTaskAsync(talk);
        await talk.ClientAsync(Request(13, "prompts/get", """{"name":"packing_list"}"""), 20, null, ("recording.dropped", "3"));
        return talk;
    }

    private static async Task CallWithProgressAsync(Conversation talk, string forecast)
    {
        await talk.ClientAsync(Request(2, "tools/call", """{"name":"get_forecast","arguments":{"city":"Oslo","days":3},"_meta":{"progressToken":"p2"}}"""), 40);
        await talk.ServerAsync(Notification("notifications/progress", """{"progressToken":"p2","progress":1,"total":3,"message":"asking three stations"}"""), 180);
        await talk.ServerAsync(Notification("notifications/message", """{"level":"warning","logger":"stations","data":"station 2 answers slowly"}"""), 90);
        await talk.ServerAsync(Notification("notifications/progress", """{"progressToken":"p2","progress":2,"total":3}"""), 260);
        await talk.ServerAsync(Result(2, $$$"""{"content":[{"type":"text","text":"{{{forecast}}}"}],"structuredContent":{"days":[{"high":4,"low":-2},{"high":3,"low":-4}]},"isError":false}"""), 310);
    }

    private static async Task FailAsync(Conversation talk)
    {
        await talk.ClientAsync(Request(3, "tools/call", """{"name":"get_alerts","arguments":{"region":"NO-03"}}"""), 60);
        await talk.ServerAsync(Result(3, """{"content":[{"type":"text","text":"the service of alerts is closed"}],"isError":true}"""), 112);
        await talk.ClientAsync(Request(4, "resources/read", """{"uri":"weather://stations/oslo"}"""), 15);
        await talk.ServerAsync(Result(4, """{"contents":[{"uri":"weather://stations/oslo","text":"59.91 N, 10.75 E"}]}"""), 9);
        await talk.ClientAsync(Request(5, "tools/call", """{"name":"no_such_tool","arguments":{}}"""), 30);
        await talk.ServerAsync(Error(5, -32602, "Unknown tool: no_such_tool"), 4);
        await talk.ClientAsync(Request(6, "tools/call", """{"name":"get_radar","arguments":{}}"""), 25, "e6");
        await talk.ServerAsync("", 70, "e6", ("http.status", "502"), ("exchange.end", "answered"), ("exchange.ended-by", "server"));
    }

    private static async Task CancelAsync(Conversation talk)
    {
        await talk.ClientAsync(Request(7, "tools/call", """{"name":"get_history","arguments":{"years":40}}"""), 30);
        await talk.ClientAsync(Notification("notifications/cancelled", """{"requestId":7,"reason":"the user pressed Escape"}"""), 420);
        await talk.ServerAsync("""{"jsonrpc":"2.0","id":"q1","method":"sampling/createMessage","params":{"messages":[],"maxTokens":100}}""", 35);
        await talk.ClientAsync("""{"jsonrpc":"2.0","id":"q1","result":{"role":"assistant","content":{"type":"text","text":"Take an umbrella."},"model":"m"}}""", 260);
    }

    private static async Task RunTaskAsync(Conversation talk)
    {
        await talk.ClientAsync(Request(8, "tools/call", """{"name":"make_report","arguments":{},"task":{"ttl":60000}}"""), 20);
        await talk.ServerAsync(Result(8, """{"task":{"taskId":"t-1","status":"working","pollInterval":500}}"""), 8);
        await talk.ClientAsync(Request(9, "tasks/get", """{"taskId":"t-1"}"""), 200);
        await talk.ServerAsync(Result(9, """{"taskId":"t-1","status":"completed"}"""), 5);
        await talk.ClientAsync(Request(10, "tools/call", """{"name":"book_table","arguments":{"people":4}}"""), 30);
        await talk.ServerAsync(Result(10, """{"resultType":"input_required","inputRequests":{},"requestState":"c3RhdGU="}"""), 40);
        await talk.ClientAsync(Request(11, "tools/call", """{"name":"book_table","arguments":{"people":4},"inputResponses":{},"requestState":"c3RhdGU="}"""), 300);
        await talk.ServerAsync(Result(11, """{"content":[{"type":"text","text":"A table is booked for four."}],"isError":false}"""), 66);
        await talk.CallAsync(12, "get_forecast", 95);
    }
}
