using System.Threading.Channels;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Replay;

/// <summary>A recorded client that a server asks for something.</summary>
public sealed class ServerRequestReplayTests
{
    private readonly InMemorySessionStore _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_ServerAsksTheClient_IsAnsweredAsInTheRecording()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":1,"method":"tools/call"}""",
            """< {"id":9,"method":"sampling/createMessage","params":{"maxTokens":5}}""",
            """> {"id":9,"result":{"model":"m"}}""",
            """< {"id":1,"result":{"said":"m"}}""");
        await using var server = new ScriptedServer((message, client) =>
        {
            switch (message)
            {
                case JsonRpcRequest:
                    Say(client, """{"id":"new","method":"sampling/createMessage","params":{"maxTokens":5.0}}""");
                    Say(client, """{"id":"odd","method":"roots/list"}""");
                    break;
                case JsonRpcResponse answer:
                    Say(client, $$$"""{"id":1,"result":{"said":"{{{answer.Result!["model"]}}}"}}""");
                    break;
            }
        });

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Equal([new(ReplayDifferenceKind.NewRequest, "roots/list")], report.Differences);
        Assert.Contains("""{"id":"new","result":{"model":"m"}}""", server.Received);
        Assert.Contains(server.Received, message => message.Contains("\"id\":\"odd\"", StringComparison.Ordinal) && message.Contains("-32601", StringComparison.Ordinal));
        Assert.Equal(1, report.SameAnswers);
    }

    [Fact]
    public async Task Replay_ServerDoesNotAskAnyMore_IsADifference()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":1,"method":"tools/call"}""",
            """< {"id":8,"method":"roots/list"}""",
            """> {"id":8,"result":{}}""",
            """< {"id":9,"method":"sampling/createMessage","params":{"maxTokens":5}}""",
            """> {"id":9,"result":{}}""",
            """< {"id":1,"result":{}}""");
        await using var server = new ScriptedServer((message, client) =>
        {
            if (message is JsonRpcRequest)
            {
                Say(client, """{"id":1,"result":{}}""");
                Say(client, """{"id":3,"method":"roots/list"}""");
            }
        });

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Equal([new(ReplayDifferenceKind.MissingRequest, "sampling/createMessage")], report.Differences);
    }

    [Fact]
    public async Task Replay_ServerAsksAfterTheLastAnswer_IsStillAnswered()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"method":"notifications/initialized"}""",
            """< {"id":8,"method":"roots/list"}""",
            """> {"id":8,"result":{}}""");
        await using var server = new ScriptedServer((message, client) =>
        {
            if (message is JsonRpcNotification)
            {
                _ = Task.Run(() => Say(client, """{"id":3,"method":"roots/list"}"""));
            }
        });

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Empty(report.Differences);
        Assert.Equal("""{"id":3,"result":{}}""", server.Received[^1]);
    }

    [Fact]
    public async Task Replay_ServerDoesNotAcceptAnAnswer_IsADifferenceAndTheRestIsReceived()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":1,"method":"tools/call"}""",
            """< {"id":9,"method":"roots/list"}""",
            """> {"id":9,"result":{}}""",
            """< {"id":1,"result":{}}""");
        await using var server = new ScriptedServer((message, client) =>
        {
            if (message is JsonRpcResponse)
            {
                Say(client, """{"id":1,"result":{}}""");
                throw new IOException("refused");
            }

            Say(client, """{"id":9,"method":"roots/list"}""");
        });

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Equal([new(ReplayDifferenceKind.NotSent, "roots/list", actual: "refused")], report.Differences);
        Assert.Equal(1, report.SameAnswers);
    }

    [Fact]
    public async Task Replay_RecordedAnswerCannotBeSent_IsADifferenceOfItsRequest()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":1,"method":"tools/call"}""",
            """< {"id":9,"method":"roots/list"}""",
            """> {"id":9,"error":{"code":"none"}}""",
            """< {"id":1,"result":{}}""");
        await using var server = new ScriptedServer((_, client) =>
        {
            Say(client, """{"id":9,"method":"roots/list"}""");
            Say(client, """{"id":1,"result":{}}""");
        });

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        var difference = Assert.Single(report.Differences);
        Assert.Equal((ReplayDifferenceKind.NotSent, "roots/list", null), (difference.Kind, difference.Method, difference.Sequence));
    }

    [Fact]
    public async Task Replay_SessionIsDeletedWhileTheServerAsks_Throws()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"method":"notifications/initialized"}""",
            """< {"id":9,"method":"roots/list"}""",
            """> {"id":9,"result":{}}""");
        await using var server = new ScriptedServer((_, client) =>
        {
            Assert.True(_store.DeleteSessionAsync(id).AsTask().Result);
            Say(client, """{"id":9,"method":"roots/list"}""");
        });

        await Assert.ThrowsAsync<SessionNotFoundException>(() => _store.ReplayClientAsync(id, server, cancellationToken: Ct));
    }

    private static void Say(ChannelWriter<JsonRpcMessage> client, string message) => client.TryWrite(Recordings.Message(message));
}
