using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Replay;

/// <summary>Recordings of which not all was kept as it was said: a replay says so, and blames nobody for it.</summary>
public sealed class DamagedRecordingTests
{
    private readonly InMemorySessionStore _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, "cut off")]
    [InlineData(false, "redacted")]
    public async Task Request_Damaged_IsSaidToBeWhereItIsAskedForAgain(bool isCut, string damage)
    {
        var id = await RecordAsync(isCut, answer: """{"jsonrpc":"2.0","id":1,"result":{}}""");
        await using var server = await new RecordedServerTransport(_store, id).ConnectAsync(Ct);

        await server.SendMessageAsync(Recordings.Message("""{"id":7,"method":"tools/call","params":{"name":"login","arguments":{"user":"u","password":"example"}}}"""), Ct);

        var error = Assert.IsType<JsonRpcError>(await server.MessageReader.ReadAsync(Ct));
        Assert.Equal(-32602, error.Error.Code);
        Assert.Contains(damage, error.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "cut off")]
    [InlineData(false, "redacted")]
    public async Task Request_Damaged_IsNotSentAndSaidToBe(bool isCut, string damage)
    {
        var id = await RecordAsync(isCut, answer: """{"jsonrpc":"2.0","id":1,"result":{}}""");
        await using var server = new ScriptedServer((_, _) => { });

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        var difference = Assert.Single(report.Differences);
        Assert.Equal((ReplayDifferenceKind.NotSent, "tools/call"), (difference.Kind, difference.Method));
        Assert.Contains(damage, difference.Actual, StringComparison.Ordinal);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task Answer_CutOff_IsNotSaidToDiffer()
    {
        var id = await Recordings.WriteAsync(_store, """> {"id":1,"method":"tools/list"}""");
        await AddAsync(id, MessageDirection.ServerToClient, """{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}""", MessageFlags.Truncated, cut: 5);
        await using var server = new ScriptedServer(Answer("""{"id":1,"result":{"tools":[]}}"""));

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        var difference = Assert.Single(report.Differences);
        Assert.Equal(ReplayDifferenceKind.NotComparable, difference.Kind);
        Assert.Contains("cut off", difference.Recorded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_Redacted_IsComparedButForWhatWasReplaced()
    {
        var id = await Recordings.WriteAsync(_store, """> {"id":1,"method":"tools/list"}""");
        await AddAsync(id, MessageDirection.ServerToClient, """{"jsonrpc":"2.0","id":1,"result":{"token":"[redacted]","n":1,"all":"[redacted]"}}""", MessageFlags.Redacted);
        await using var server = new ScriptedServer(Answer("""{"id":1,"result":{"token":"t","n":2,"all":{"a":1}}}"""));

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Equal("result.n", Assert.Single(report.Differences).Path);
    }

    [Fact]
    public async Task Request_OnlyItsMetadataRedacted_IsWhole()
    {
        var id = await Recordings.WriteAsync(_store);
        await AddAsync(id, MessageDirection.ClientToServer, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", MessageFlags.Redacted);
        await AddAsync(id, MessageDirection.ServerToClient, """{"jsonrpc":"2.0","id":1,"result":{}}""", MessageFlags.None);
        await using var server = new ScriptedServer(Answer("""{"id":1,"result":{}}"""));

        Assert.Empty((await _store.ReplayClientAsync(id, server, cancellationToken: Ct)).Differences);
    }

    [Fact]
    public async Task Answer_ThatNobodyGot_IsNone()
    {
        var id = await Recordings.WriteAsync(_store, """> {"id":1,"method":"tools/list"}""");
        await AddAsync(id, MessageDirection.ServerToClient, """{"jsonrpc":"2.0","id":1,"result":{"late":1}}""", MessageFlags.Undelivered);
        await using var server = await new RecordedServerTransport(_store, id).ConnectAsync(Ct);

        await server.SendMessageAsync(Recordings.Message("""{"id":7,"method":"tools/list"}"""), Ct);

        Assert.Equal(-32603, Assert.IsType<JsonRpcError>(await server.MessageReader.ReadAsync(Ct)).Error.Code);
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("-0")]
    public async Task Answer_WithAnIdThatTheSdkDoesNotRead_IsGivenToWhoeverAsks(string literal)
    {
        var id = await Recordings.WriteAsync(_store, $$$"""> {"id":{{{literal}}},"method":"tools/list"}""", $$$"""< {"id":{{{literal}}},"result":{"n":1}}""");
        await using var recorded = await new RecordedServerTransport(_store, id).ConnectAsync(Ct);

        await recorded.SendMessageAsync(Recordings.Message("""{"id":7,"method":"tools/list"}"""), Ct);
        Assert.Equal("""{"id":7,"result":{"n":1}}""", Recordings.Json(await recorded.MessageReader.ReadAsync(Ct)));
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("-0")]
    public async Task Request_WithAnIdThatTheSdkDoesNotRead_IsSentAndItsAnswerCompared(string literal)
    {
        var id = await Recordings.WriteAsync(_store, $$$"""> {"id":{{{literal}}},"method":"tools/list"}""", $$$"""< {"id":{{{literal}}},"result":{"n":1}}""");
        await using var server = new ScriptedServer((message, client) =>
            client.TryWrite(new JsonRpcResponse { Id = ((JsonRpcRequest)message).Id, Result = JsonNode.Parse("""{"n":1}""") }));

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Empty(report.Differences);
        Assert.Equal((1, 1), (report.Requests, report.SameAnswers));
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("-0")]
    public async Task RequestOfTheServer_WithAnIdThatTheSdkDoesNotRead_IsAskedAndAnswered(string literal)
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":1,"method":"tools/call","params":{"name":"ask"}}""",
            $$$"""< {"id":{{{literal}}},"method":"elicitation/create","params":{}}""",
            $$$"""> {"id":{{{literal}}},"result":{"action":"accept"}}""",
            """< {"id":1,"result":{"n":1}}""");
        await using var recorded = await new RecordedServerTransport(_store, id).ConnectAsync(Ct);

        await recorded.SendMessageAsync(Recordings.Message("""{"id":7,"method":"tools/call","params":{"name":"ask"}}"""), Ct);
        var asked = Assert.IsType<JsonRpcRequest>(await recorded.MessageReader.ReadAsync(Ct));
        await recorded.SendMessageAsync(new JsonRpcResponse { Id = asked.Id, Result = JsonNode.Parse("""{"action":"accept"}""") }, Ct);

        Assert.Equal("""{"id":7,"result":{"n":1}}""", Recordings.Json(await recorded.MessageReader.ReadAsync(Ct)));
    }

    [Fact]
    public async Task Withheld_IsSaidToBeAndNeitherSentNorCompared()
    {
        var id = await Recordings.WriteAsync(_store);
        await WithholdAsync(id, MessageDirection.ClientToServer, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"login"}}""");
        await AddAsync(id, MessageDirection.ClientToServer, """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""", MessageFlags.None);
        await WithholdAsync(id, MessageDirection.ServerToClient, """{"jsonrpc":"2.0","id":2,"result":{}}""");
        await using var server = new ScriptedServer(Answer("""{"id":2,"result":{}}"""));

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Equal([ReplayDifferenceKind.NotSent, ReplayDifferenceKind.NotComparable], report.Differences.Select(difference => difference.Kind));
        Assert.All(report.Differences, difference => Assert.Contains("withheld", difference.Actual ?? difference.Recorded, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Messages_WithAByteOrderMark_AreReplayed()
    {
        await using var recorder = new SessionRecorder(_store, new SessionRecordingOptions { WriteDelay = TimeSpan.Zero });
        var recording = recorder.Begin(new Session(SessionId.New(), TransportType.Stdio));
        byte[] asked = [.. "\uFEFF"u8, .. """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}"""u8];
        recording.TryRecord(MessageDirection.ClientToServer, asked);
        recording.TryRecord(MessageDirection.ServerToClient, (byte[])[.. "\uFEFF"u8, .. """{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","serverInfo":{"name":"s","version":"2"}}}"""u8]);
        recording.Close(SessionStatus.Completed, "done");
        await recorder.DisposeAsync();

        var session = (await _store.GetSessionAsync(recording.Id, Ct))!;
        Assert.Equal(("c", "s", "2025-11-25"), (session.ClientInfo?.Name, session.ServerInfo?.Name, session.VersionState?.Negotiated));
        var frame = await _store.GetFramesAsync(recording.Id, cancellationToken: Ct).FirstAsync(Ct);
        Assert.Equal((MessageKind.Request, "initialize", RequestId.FromNumber(0)), (frame.Kind, frame.Method, frame.RequestId));
        Assert.Equal(asked, frame.Payload.ToArray());
        await using var server = await new RecordedServerTransport(_store, recording.Id).ConnectAsync(Ct);
        await server.SendMessageAsync(Recordings.Message("""{"id":7,"method":"initialize","params":{}}"""), Ct);
        Assert.IsType<JsonRpcResponse>(await server.MessageReader.ReadAsync(Ct));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"t":"yyyy""", MessageKind.Request, "tools/call", "7")]
    [InlineData("""{"method":"tools/call","params":{"id":5,"t":"yyyy""", MessageKind.Notification, "tools/call", null)]
    [InlineData("""{"jsonrpc":"2.0","id":"a","result":{"method":"no","t":"yyyy""", MessageKind.Response, null, "a")]
    [InlineData("""{"jsonrpc":"2.0","id":1.0,"error":{"t":"yyyy""", MessageKind.Unparsed, null, null)]
    [InlineData("""{"jsonrpc":"2.0","par""", MessageKind.Unparsed, null, null)]
    public async Task LineThatWasCutOff_SaysWhatStandsInWhatWasKept(string kept, MessageKind kind, string? method, string? requestId)
    {
        await using var recorder = new SessionRecorder(_store, new SessionRecordingOptions { WriteDelay = TimeSpan.Zero });
        var recording = recorder.Begin(new Session(SessionId.New(), TransportType.Stdio));
        recording.TryRecord(MessageDirection.ClientToServer, Encoding.UTF8.GetBytes(kept), flags: MessageFlags.Truncated);
        await recorder.DisposeAsync();

        var frame = await _store.GetFramesAsync(recording.Id, cancellationToken: Ct).SingleAsync(Ct);

        Assert.Equal((kind, method, requestId), (frame.Kind, frame.Method, frame.RequestId?.ToString()));
    }

    private static Action<JsonRpcMessage, ChannelWriter<JsonRpcMessage>> Answer(string answer) => (_, client) => client.TryWrite(Recordings.Message(answer));

    private async Task<SessionId> RecordAsync(bool isCut, string answer)
    {
        var id = await Recordings.WriteAsync(_store);
        await AddAsync(
            id,
            MessageDirection.ClientToServer,
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"login","arguments":{"user":"u","password":"[redacted]"}}}""",
            isCut ? MessageFlags.Truncated : MessageFlags.Redacted,
            isCut ? 20 : 0);
        await AddAsync(id, MessageDirection.ServerToClient, answer, MessageFlags.None);
        return id;
    }

    private async Task WithholdAsync(SessionId id, MessageDirection direction, string payload)
    {
        var frame = new MessageEnvelope(id, direction, TransportType.Stdio, Encoding.UTF8.GetBytes(payload), DateTimeOffset.UtcNow);
        await _store.AddFrameAsync(WithheldPayload.Of(frame, frame.Metadata, WithheldPayload.TimedOut), Ct);
    }

    private async Task AddAsync(SessionId id, MessageDirection direction, string payload, MessageFlags flags, int cut = 0)
    {
        var frame = new MessageEnvelope(id, direction, TransportType.Stdio, Encoding.UTF8.GetBytes(payload), DateTimeOffset.UtcNow);
        await _store.AddFrameAsync(frame with { Payload = frame.Payload[..^cut], Flags = flags }, Ct);
    }
}
