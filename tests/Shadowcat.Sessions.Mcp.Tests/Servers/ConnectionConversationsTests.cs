using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>Which requests are one conversation where nothing but their connection, address, agent and numbers says so.</summary>
public sealed class ConnectionConversationsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Dictionary<string, CancellationTokenSource> _connections = [];
    private readonly ConnectionConversations _conversations;

    public ConnectionConversationsTests() => _conversations = new ConnectionConversations(new SessionRecordingOptions { MaxOpenSessions = 4 }, _clock);

    [Fact]
    public void Client_OverOneConnection_IsOneConversation()
    {
        var begun = Initialize("c1");

        Assert.Equal((string[])[begun, begun, begun], (string[])[Notify("c1"), Ask("c1", 1), Ask("c1", 2)]);
    }

    [Fact]
    public void Client_OverSeveralConnections_IsOneConversation()
    {
        var begun = Initialize("c1");

        Assert.Equal((string[])[begun, begun, begun, begun], (string[])[Notify("c2"), Ask("c3", 2), Ask("c2", 3), Ask("c4", 1)]);
    }

    [Fact]
    public void Client_WhoseConnectionsCloseBetweenItsRequests_IsOneConversation()
    {
        var begun = Initialize("c1");
        Close("c1");

        Assert.Equal(begun, Ask("c2", 1));
        Close("c2");
        _clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(begun, Ask("c3", 2));
    }

    [Fact]
    public void Clients_AtOnce_AreToldApartByTheirConnections()
    {
        string[] begun = [Initialize("a1"), Initialize("b1")];

        Assert.NotEqual(begun[0], begun[1]);
        Assert.Equal(begun, (string[])[Ask("a1", 1), Ask("b1", 1)]);
        Assert.Equal(begun, (string[])[Notify("a1"), Notify("b1")]);
    }

    [Fact]
    public void Clients_OverNewConnections_AreToldApartByTheNumbersOfTheirRequests()
    {
        string[] begun = [Initialize("a1"), Initialize("b1")];
        Ask("a1", 1);
        Ask("a1", 2);

        Assert.Equal(begun, (string[])[Ask("a2", 3), Ask("b2", 1)]);
    }

    [Fact]
    public void Client_ThatHasJustInitialized_IsToldApartFromThoseThatWentOn()
    {
        Initialize("a1");
        Ask("a1", 1);
        var begun = Initialize("b1");

        Assert.Equal(begun, Notify("b2"));
    }

    [Fact]
    public void Clients_ThatCannotBeToldApart_AreNotJoined()
    {
        string[] begun = [Initialize("a1"), Initialize("b1")];

        var third = Ask("x", 1);
        Assert.DoesNotContain(third, begun);
        Assert.DoesNotContain(Notify("y"), (string[])[.. begun, third]);

        // From then on, the connection says it.
        Assert.Equal(third, Ask("x", 2));
    }

    [Fact]
    public void Client_BegunAnew_IsAnotherConversation()
    {
        var first = Initialize("a1");
        Ask("a1", 1);
        Close("a1");

        var second = Initialize("b1");
        Assert.NotEqual(first, second);
        Assert.Equal(second, Ask("b2", 1));
        Assert.Equal(second, Notify("b3"));
        Assert.NotEqual(second, Initialize("b1"));
    }

    [Fact]
    public void Client_ThatAsksBeforeItInitializes_IsOneConversation()
    {
        var begun = Ask("c1", 0);

        Assert.Equal((string[])[begun, begun], (string[])[Initialize("c1"), Ask("c1", 2)]);
    }

    [Fact]
    public void ClientsOfDifferentPlaces_AreNeverOne()
    {
        var begun = Initialize("c1");
        Close("c1");

        Assert.DoesNotContain(
            begun,
            (string[])
            [
                Key(Request("ping", 1), "c2", address: "10.0.0.2"),
                Key(Request("ping", 1), "c3", agent: "curl"),
                Key(Request("ping", 1), "c4", credentials: "other"),
                Key(Request("ping", 1), "c5", server: "other"),
            ]);
    }

    [Fact]
    public void OneConnection_OfSeveralPeople_IsAConversationEach()
    {
        var alice = Key(Request(RequestMethods.Initialize, 0), "shared", credentials: "alice");
        var bob = Key(Request("ping", 1), "shared", credentials: "bob");

        Assert.NotEqual(alice, bob);
        Assert.Equal((string[])[alice, bob], (string[])[Key(Request("ping", 1), "shared", credentials: "alice"), Key(Request("ping", 2), "shared", credentials: "bob")]);
    }

    [Fact]
    public void Conversation_IdleForLong_IsOver()
    {
        var begun = Initialize("c1");
        Close("c1");
        _clock.Advance(TimeSpan.FromMinutes(30));

        Assert.NotEqual(begun, Ask("c2", 1));
    }

    [Fact]
    public void Conversation_WithAnOpenConnection_LastsLonger()
    {
        var begun = Initialize("c1");
        _clock.Advance(TimeSpan.FromHours(23));

        Assert.Equal(begun, Ask("c1", 1));
        _clock.Advance(TimeSpan.FromHours(24));
        Assert.NotEqual(begun, Ask("c1", 2));
    }

    [Fact]
    public void Conversations_MoreThanAreKept_ForgetTheOneThatWasIdleLongest()
    {
        var begun = Enumerable.Range(0, 5).Select(i => Initialize($"c{i}")).ToList();

        Assert.Equal(begun[1..], [Ask("c1", 1), Ask("c2", 1), Ask("c3", 1), Ask("c4", 1)]);
        Assert.DoesNotContain(Ask("c0", 9), begun);
    }

    [Fact]
    public void Connection_ClosedAlready_LeavesNothingBehind()
    {
        Close("c1");
        var begun = Initialize("c1");

        string[] more = [Initialize("c2"), Ask("c3", 9)];
        Assert.DoesNotContain(begun, more);
        Assert.Equal(more[0], more[1]);
    }

    private static JsonRpcRequest Request(string method, long id) => new() { Method = method, Id = new ModelContextProtocol.Protocol.RequestId(id) };

    private string Initialize(string connection) => Key(Request(RequestMethods.Initialize, 0), connection);

    private string Ask(string connection, long id) => Key(Request("tools/call", id), connection);

    private string Notify(string connection) => Key(new JsonRpcNotification { Method = "notifications/initialized" }, connection);

    private string Key(
        JsonRpcMessage message, string connection, string address = "10.0.0.1", string agent = "node", string? credentials = null, string server = "server")
    {
        var closed = _connections.TryGetValue(connection, out var known) ? known : _connections[connection] = new CancellationTokenSource();
        return _conversations.KeyOf(message, server, new ClientConnection(connection, address, agent, credentials, closed.Token));
    }

    private void Close(string connection)
    {
        if (!_connections.TryGetValue(connection, out var closed))
        {
            _connections[connection] = closed = new CancellationTokenSource();
        }

        closed.Cancel();
    }
}
