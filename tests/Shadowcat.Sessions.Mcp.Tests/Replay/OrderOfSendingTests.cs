using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp.Tests.Servers;

namespace Shadowcat.Sessions.Mcp.Tests.Replay;

/// <summary>What a replay sends when: over HTTP a message is sent before it is answered, but not yet over.</summary>
public sealed class OrderOfSendingTests
{
    private readonly InMemorySessionStore _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Initialize_IsOverBeforeAnythingElseIsSent()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}""",
            """< {"id":0,"result":{"protocolVersion":"2025-11-25"}}""",
            """> {"method":"notifications/initialized"}""",
            """> {"id":1,"method":"tools/list"}""",
            """< {"id":1,"result":{}}""");
        await using var server = new HttpLikeServer();

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Empty(report.Differences);
        Assert.Equal([null, "session", "session"], server.SentIn);
    }

    [Fact]
    public async Task StatefulServer_OverHttp_IsSentEverythingInItsSession()
    {
        await using var server = await RecordedServer.StartAsync(HttpServerSessionMode.Stateful);
        await using (var client = await server.ConnectAsync(HttpConversation.WithHandshake))
        {
            await HttpConversation.TalkAsync(client);
        }

        var recorded = Assert.Single(await server.GetSessionsAsync());
        for (var i = 0; i < 10; i++)
        {
            await using var transport = await new HttpClientTransport(new HttpClientTransportOptions { Endpoint = server.Endpoint }).ConnectAsync(Ct);

            var report = await server.Store.ReplayClientAsync(recorded.Id, transport, cancellationToken: Ct);

            Assert.Empty(report.Differences);
            Assert.Equal((5, 5), (report.Requests, report.SameAnswers));
        }
    }

    [Fact]
    public async Task Requests_OfOneIdInTwoExchanges_AreAnsweredEachByItsOwn()
    {
        var id = await Recordings.WriteAsync(_store);
        await AddAsync(id, "a", MessageDirection.ClientToServer, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"one"}}""");
        await AddAsync(id, "b", MessageDirection.ClientToServer, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"two"}}""");
        await AddAsync(id, "a", MessageDirection.ServerToClient, """{"jsonrpc":"2.0","id":1,"result":{"from":"one"}}""");
        await AddAsync(id, "b", MessageDirection.ServerToClient, """{"jsonrpc":"2.0","id":1,"result":{"from":"two"}}""");
        var asked = new List<JsonRpcRequest>();
        await using var server = new ScriptedServer((message, client) =>
        {
            asked.Add((JsonRpcRequest)message);
            if (asked.Count == 2)
            {
                // In the other order, so that whoever goes by the recorded id alone is wrong.
                foreach (var request in asked.AsEnumerable().Reverse())
                {
                    client.TryWrite(new JsonRpcResponse { Id = request.Id, Result = new JsonObject { ["from"] = (string)request.Params!["name"]! } });
                }
            }
        });

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Empty(report.Differences);
        Assert.Equal((2, 2, 2), (report.Requests, report.SameAnswers, asked.Select(request => request.Id).Distinct().Count()));
    }

    private async Task AddAsync(SessionId id, string exchange, MessageDirection direction, string payload) => await _store.AddFrameAsync(
        new MessageEnvelope(id, direction, TransportType.StreamableHttp, Encoding.UTF8.GetBytes(payload), DateTimeOffset.UtcNow) with { ExchangeId = exchange }, Ct);

    /// <summary>As the SDK's transport of Streamable HTTP: a request is over when it is answered, and the session known a moment after the answer can be read.</summary>
    private sealed class HttpLikeServer : ITransport
    {
        private readonly Channel<JsonRpcMessage> _toClient = Channel.CreateUnbounded<JsonRpcMessage>();

        public List<string?> SentIn { get; } = [];

        public string? SessionId { get; private set; }

        public ChannelReader<JsonRpcMessage> MessageReader => _toClient.Reader;

        public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
        {
            SentIn.Add(SessionId);
            if (message is JsonRpcRequest request)
            {
                _toClient.Writer.TryWrite(Recordings.Message(
                    request.Method == RequestMethods.Initialize ? """{"id":0,"result":{"protocolVersion":"2025-11-25"}}""" : """{"id":1,"result":{}}"""));
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
                SessionId = "session";
            }
        }

        public ValueTask DisposeAsync()
        {
            _toClient.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }
    }
}
