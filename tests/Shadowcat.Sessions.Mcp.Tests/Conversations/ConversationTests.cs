using System.Text;

namespace Shadowcat.Sessions.Mcp.Tests.Conversations;

/// <summary>What is read about a session from its messages.</summary>
public sealed class ConversationTests
{
    private const string Meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientInfo\":{\"name\":\"c\",\"version\":\"1\"}}";

    private static readonly Session Session = new(SessionId.New(), TransportType.Stdio);

    [Fact]
    public void Observe_Handshake_NamesPeersAndVersion()
    {
        var conversation = new Conversation(SessionBoundary.Connection);

        Client(conversation, """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","clientInfo":{"name":"c","version":"1"}}}""");
        Server(conversation, """{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-06-18","serverInfo":{"name":"s","version":"2"}}}""");
        Session agreed = conversation.ApplyTo(Session);
        Client(conversation, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        Session active = conversation.ApplyTo(Session);

        Assert.Equal(SessionState.Initializing, agreed.State);
        Assert.Equal(SessionBoundary.Handshake, agreed.Boundary);
        Assert.Equal(("c", "s"), (agreed.ClientInfo?.Name, agreed.ServerInfo?.Name));
        Assert.Equal(
            new VersionState
            {
                Requested = "2025-11-25",
                Negotiated = "2025-06-18",
                Attempts = [new VersionAttempt("2025-11-25", "2025-06-18")],
            },
            agreed.VersionState);
        Assert.Equal(SessionState.Active, active.State);
    }

    [Fact]
    public void Observe_DiscoveryRefused_KeepsBothAttempts()
    {
        var conversation = new Conversation(SessionBoundary.Connection);

        Client(conversation, """{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""");
        Server(conversation, """{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}""");
        Client(conversation, """{"jsonrpc":"2.0","id":2,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}""");
        Server(conversation, """{"jsonrpc":"2.0","id":2,"result":{"protocolVersion":"2025-11-25"}}""");

        VersionState? versions = conversation.ApplyTo(Session).VersionState;
        Assert.Equal("2025-11-25", versions?.Negotiated);
        Assert.Equal([new VersionAttempt("2026-07-28"), new VersionAttempt("2025-11-25", "2025-11-25")], versions?.Attempts);
    }

    [Fact]
    public void Observe_RevisionWithoutHandshake_IsActiveWithTheFirstAnswer()
    {
        var conversation = new Conversation(SessionBoundary.Connection);
        const string Params = "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientInfo\":{\"name\":\"c\",\"version\":\"1\"}}}";

        Client(conversation, $$"""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{{Params}}}""");
        Client(conversation, $$"""{"jsonrpc":"2.0","id":2,"method":"prompts/list","params":{{Params}}}""");
        Server(conversation, """{"jsonrpc":"2.0","id":2,"result":{"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"2"}}}}""");
        Server(conversation, """{"jsonrpc":"2.0","id":1,"result":{}}""");

        Session session = conversation.ApplyTo(Session);
        Assert.Equal((SessionState.Active, SessionBoundary.Connection), (session.State, session.Boundary));
        Assert.Equal(("c", "s"), (session.ClientInfo?.Name, session.ServerInfo?.Name));
        Assert.Equal([new VersionAttempt("2026-07-28", "2026-07-28")], session.VersionState?.Attempts);
    }

    [Theory]
    [InlineData(-32602, "2026-07-28")]
    [InlineData(-32603, "2026-07-28")]
    [InlineData(-32022, null)]
    public void Observe_Error_RefusesAVersionOnlyByItsCode(int code, string? agreed)
    {
        var conversation = new Conversation(SessionBoundary.Correlated);

        Client(conversation, $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"nope",{{{Meta}}}}}""");
        Server(conversation, $$$"""{"jsonrpc":"2.0","id":1,"error":{"code":{{{code}}},"message":"no"}}""");

        Session session = conversation.ApplyTo(Session);
        Assert.Equal((agreed, agreed is null ? SessionState.Initializing : SessionState.Active), (session.VersionState?.Negotiated, session.State));
        Assert.Equal([new VersionAttempt("2026-07-28", agreed)], session.VersionState?.Attempts);
    }

    [Theory]
    [InlineData("exchange", "notifications/message")]
    [InlineData("exchange", "notifications/progress")]
    [InlineData(null, "notifications/subscriptions/acknowledged")]
    public void Observe_ServerSendsBeforeItAnswers_IsActive(string? exchange, string notification)
    {
        var conversation = new Conversation(exchange is null ? SessionBoundary.Connection : SessionBoundary.Correlated);

        Observe(conversation, MessageDirection.ClientToServer, $$$"""{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{},{{{Meta}}}}}""", exchange);
        Observe(conversation, MessageDirection.ServerToClient, $$$"""{"jsonrpc":"2.0","method":"{{{notification}}}","params":{}}""", exchange);
        Session listening = conversation.ApplyTo(Session);
        conversation.Written();
        Observe(conversation, MessageDirection.ServerToClient, $$$"""{"jsonrpc":"2.0","method":"{{{notification}}}","params":{}}""", exchange);
        Assert.False(conversation.HasChanges);
        Observe(conversation, MessageDirection.ServerToClient, """{"jsonrpc":"2.0","id":1,"result":{"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"2"}}}}""", exchange);

        Assert.Equal((SessionState.Active, "2026-07-28"), (listening.State, listening.VersionState?.Negotiated));
        Assert.Equal([new VersionAttempt("2026-07-28", "2026-07-28")], listening.VersionState?.Attempts);
        Assert.Equal("s", conversation.ApplyTo(Session).ServerInfo?.Name);
    }

    [Fact]
    public void Observe_LogOfAServerThatMayNotKnowTheVersion_AgreesOnNothing()
    {
        var conversation = new Conversation(SessionBoundary.Connection);

        Client(conversation, $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{{{{Meta}}}}}""");
        Server(conversation, """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"starting"}}""");

        Assert.Null(conversation.ApplyTo(Session).VersionState?.Negotiated);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"v","clientInfo":"a text"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"v","clientInfo":null}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"v"},"_meta":7}}""")]
    public void Observe_OddPeers_AreLeftOut(string initialize)
    {
        var conversation = new Conversation(SessionBoundary.Connection);

        Client(conversation, initialize);
        Server(conversation, """{"jsonrpc":"2.0","id":0,"result":7}""");

        Session session = conversation.ApplyTo(Session);
        Assert.Null(session.ClientInfo);
        Assert.Null(session.ServerInfo);
    }

    [Fact]
    public void HasChanges_OrdinaryCalls_AreNone()
    {
        var conversation = new Conversation(SessionBoundary.Connection);
        Client(conversation, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        Assert.True(conversation.HasChanges);
        conversation.Written();

        Client(conversation, """{"jsonrpc":"2.0","id":5,"method":"tools/list"}""");
        Server(conversation, """{"jsonrpc":"2.0","id":5,"result":{}}""");

        Assert.False(conversation.HasChanges);
    }

    private static void Client(Conversation conversation, string message) => Observe(conversation, MessageDirection.ClientToServer, message);

    private static void Server(Conversation conversation, string message) => Observe(conversation, MessageDirection.ServerToClient, message);

    private static void Observe(Conversation conversation, MessageDirection direction, string message, string? exchange = null) => conversation.Observe(
        new MessageEnvelope(Session.Id, direction, TransportType.Stdio, Encoding.UTF8.GetBytes(message), DateTimeOffset.UnixEpoch) with { ExchangeId = exchange });
}
