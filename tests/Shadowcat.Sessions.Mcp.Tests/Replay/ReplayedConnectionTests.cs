using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Replay;

/// <summary>A recorded session that answers, message by message.</summary>
public sealed class ReplayedConnectionTests
{
    private readonly InMemorySessionStore _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_InTheRecording_IsAnsweredWithTheIdOfTheCaller()
    {
        await using var server = await ConnectAsync(
            """> {"id":1,"method":"tools/call","params":{"name":"add","arguments":{"a":1,"b":2}}}""",
            """< {"id":1,"result":{"sum":3}}""");

        Assert.Equal("""{"id":"other","result":{"sum":3}}""", await AskAsync(server, """{"id":"other","method":"tools/call","params":{"name":"add","arguments":{"a":1,"b":2}}}"""));
    }

    [Fact]
    public async Task Request_OfAReplayFromAFrame_IsAnsweredAsFromThereOn()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":0,"method":"initialize"}""",
            """< {"id":0,"result":{"protocolVersion":"2025-11-25"}}""",
            """> {"id":1,"method":"tools/call","params":{"name":"clock"}}""",
            """< {"id":1,"result":{"time":"12:00"}}""",
            """> {"id":2,"method":"tools/call","params":{"name":"clock"}}""",
            """< {"id":2,"result":{"time":"13:00"}}""");
        await using var server = await new RecordedServerTransport(_store, id) { FromSequence = 4 }.ConnectAsync(Ct);

        Assert.Equal("""{"id":7,"result":{"protocolVersion":"2025-11-25"}}""", await AskAsync(server, """{"id":7,"method":"initialize"}"""));
        Assert.Equal("""{"id":8,"result":{"time":"13:00"}}""", await AskAsync(server, """{"id":8,"method":"tools/call","params":{"name":"clock"}}"""));
    }

    [Fact]
    public async Task Request_SameButForMetaOrderAndSpelling_IsTheSame()
    {
        await using var server = await ConnectAsync(
            """> {"id":1,"method":"tools/call","params":{"_meta":{"progressToken":1},"name":"add","arguments":{"a":1,"b":{"c":"é","d":[1e1]}}}}""",
            """< {"id":1,"result":{}}""",
            """> {"id":2,"method":"ping"}""",
            """< {"id":2,"result":{"pong":1}}""");

        Assert.Equal("""{"id":7,"result":{}}""", await AskAsync(server, """{"id":7,"method":"tools/call","params":{"arguments":{"b":{"d":[10.0],"c":"é"},"a":1.0},"name":"add","_meta":{"x":2}}}"""));
        Assert.Equal("""{"id":8,"result":{"pong":1}}""", await AskAsync(server, """{"id":8,"method":"ping","params":{"_meta":{}}}"""));
    }

    [Theory]
    [InlineData("""{"id":7,"method":"tools/call","params":{"name":"add","arguments":{"a":2}}}""", -32602)]
    [InlineData("""{"id":7,"method":"tools/call","params":{"name":"add","arguments":{"a":"1"}}}""", -32602)]
    [InlineData("""{"id":7,"method":"tools/call","params":{"name":"add","arguments":{"a":1,"_meta":1}}}""", -32602)]
    [InlineData("""{"id":7,"method":"tools/call"}""", -32602)]
    [InlineData("""{"id":7,"method":"tools/list"}""", -32601)]
    [InlineData("""{"id":7,"method":"prompts/list"}""", -32603)]
    [InlineData("""{"id":7,"method":"resources/list"}""", -32603)]
    public async Task Request_NotInTheRecording_IsAnsweredWithAnError(string request, int code)
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":1,"method":"tools/call","params":{"name":"add","arguments":{"a":1}}}""",
            """< {"id":1,"result":{}}""",
            """> {"id":2,"method":"prompts/list"}""",
            """> {"id":3,"method":"resources/list"}""");
        var answer = new MessageEnvelope(id, MessageDirection.ServerToClient, TransportType.Stdio, """{"jsonrpc":"2.0","id":3,"result":{}}"""u8.ToArray(), DateTimeOffset.UtcNow);
        await _store.AddFrameAsync(answer with { Payload = answer.Payload[..30], Flags = MessageFlags.Truncated }, Ct);
        await using var server = await new RecordedServerTransport(_store, id).ConnectAsync(Ct);

        await server.SendMessageAsync(Recordings.Message(request), Ct);
        var error = Assert.IsType<JsonRpcError>(await server.MessageReader.ReadAsync(Ct));

        Assert.Equal((new ModelContextProtocol.Protocol.RequestId(7), code), (error.Id, error.Error.Code));
    }

    [Fact]
    public async Task Request_Repeated_IsAnsweredInTheOrderOfTheRecordingAndThenWithTheLast()
    {
        await using var server = await ConnectAsync(
            """> {"id":1,"method":"tools/list"}""",
            """< {"id":1,"result":{"n":1}}""",
            """> {"id":2,"method":"tools/list"}""",
            """< {"id":2,"error":{"code":5,"message":"n2"}}""");

        Assert.Equal("""{"id":11,"result":{"n":1}}""", await AskAsync(server, """{"id":11,"method":"tools/list"}"""));
        Assert.Equal("""{"id":12,"error":{"code":5,"message":"n2"}}""", await AskAsync(server, """{"id":12,"method":"tools/list"}"""));
        Assert.Equal("""{"id":13,"error":{"code":5,"message":"n2"}}""", await AskAsync(server, """{"id":13,"method":"tools/list"}"""));
    }

    [Fact]
    public async Task Handshake_AnyClient_IsAnswered()
    {
        await using var server = await ConnectAsync(
            """> {"id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","clientInfo":{"name":"a","version":"1"}}}""",
            """< {"id":0,"result":{"protocolVersion":"2025-11-25"}}""");

        Assert.Equal(
            """{"id":4,"result":{"protocolVersion":"2025-11-25"}}""",
            await AskAsync(server, """{"id":4,"method":"initialize","params":{"protocolVersion":"2025-06-18","clientInfo":{"name":"b","version":"2"}}}"""));
    }

    [Fact]
    public async Task Notifications_OfTheServer_ComeInTheirPlace()
    {
        await using var server = await ConnectAsync(
            """> {"id":1,"method":"tools/call","params":{"name":"slow","_meta":{"progressToken":"old"}}}""",
            """< {"method":"notifications/progress","params":{"progressToken":"old","progress":1}}""",
            """< {"method":"notifications/message","params":{"data":"half"}}""",
            """< {"method":"notifications/progress","params":{"progressToken":"nobody's","progress":1}}""",
            "! {\"method\":\"notifications/internal\"}",
            """< {"id":1,"result":{}}""",
            """< {"method":"notifications/tools/list_changed"}""",
            """> {"id":2,"method":"ping"}""",
            """< {"method":"notifications/later"}""",
            """< {"id":2,"result":{}}""");

        await server.SendMessageAsync(Recordings.Message("""{"id":5,"method":"tools/call","params":{"name":"slow","_meta":{"progressToken":77}}}"""), Ct);

        Assert.Equal(
            [
                """{"method":"notifications/progress","params":{"progressToken":77,"progress":1}}""",
                """{"method":"notifications/message","params":{"data":"half"}}""",
                """{"id":5,"result":{}}""",
                """{"method":"notifications/tools/list_changed"}""",
            ],
            await ReadAsync(server, 4));
        await server.SendMessageAsync(Recordings.Message("""{"id":6,"method":"ping"}"""), Ct);
        Assert.Equal(["""{"method":"notifications/later"}""", """{"id":6,"result":{}}"""], await ReadAsync(server, 2));
    }

    [Fact]
    public async Task RequestOfTheServer_IsAwaitedWhereTheServerAwaitedIt()
    {
        await using var server = await ConnectAsync(
            """> {"id":1,"method":"tools/call","params":{"name":"asks"}}""",
            """< {"id":"s1","method":"elicitation/create","params":{"message":"Sure?"}}""",
            """> {"id":2,"method":"ping"}""",
            """< {"id":2,"result":{}}""",
            """> {"id":"s1","result":{"action":"accept"}}""",
            """< {"method":"notifications/message","params":{"data":"thanks"}}""",
            """< {"id":1,"result":{"done":true}}""");
        await server.SendMessageAsync(Recordings.Message("""{"id":10,"method":"tools/call","params":{"name":"asks"}}"""), Ct);
        Assert.Equal(["""{"id":"s1","method":"elicitation/create","params":{"message":"Sure?"}}"""], await ReadAsync(server, 1));

        // Before it answers, the client needs another answer: that does not wait.
        Assert.Equal("""{"id":11,"result":{}}""", await AskAsync(server, """{"id":11,"method":"ping"}"""));
        Assert.False(server.MessageReader.TryPeek(out _));
        await server.SendMessageAsync(Recordings.Message("""{"id":"s1","result":{"action":"decline"}}"""), Ct);

        Assert.Equal(["""{"method":"notifications/message","params":{"data":"thanks"}}""", """{"id":10,"result":{"done":true}}"""], await ReadAsync(server, 2));
    }

    [Fact]
    public async Task ServersWords_AfterANotificationOrAnAnswerOfTheClient_ComeWithoutBeingAskedFor()
    {
        await using var server = await ConnectAsync(
            """> {"id":1,"method":"initialize"}""",
            """< {"id":1,"result":{}}""",
            """> {"method":"notifications/initialized"}""",
            """< {"method":"notifications/message","params":{"data":"hello"}}""",
            """< {"id":"s1","method":"roots/list"}""",
            """> {"id":"s1","result":{"roots":[]}}""",
            """< {"method":"notifications/tools/list_changed"}""");
        await AskAsync(server, """{"id":5,"method":"initialize"}""");

        await server.SendMessageAsync(Recordings.Message("""{"method":"notifications/initialized"}"""), Ct);
        Assert.Equal(["""{"method":"notifications/message","params":{"data":"hello"}}""", """{"id":"s1","method":"roots/list"}"""], await ReadAsync(server, 2));

        await server.SendMessageAsync(Recordings.Message("""{"id":"s1","result":{"roots":[]}}"""), Ct);
        Assert.Equal(["""{"method":"notifications/tools/list_changed"}"""], await ReadAsync(server, 1));
    }

    [Fact]
    public async Task RequestsOfTheServer_WithTheSameDigitsAsNumberAndText_AreAwaitedBoth()
    {
        await using var server = await ConnectAsync(
            """> {"id":1,"method":"tools/call"}""",
            """< {"id":1,"method":"roots/list"}""",
            """< {"id":"1","method":"elicitation/create"}""",
            """> {"id":"1","result":{}}""",
            """> {"id":2,"method":"ping"}""",
            """< {"id":2,"result":{}}""",
            """> {"id":1,"result":{}}""",
            """< {"id":1,"result":{}}""");
        await server.SendMessageAsync(Recordings.Message("""{"id":10,"method":"tools/call"}"""), Ct);
        await ReadAsync(server, 2);

        await server.SendMessageAsync(Recordings.Message("""{"id":"1","result":{}}"""), Ct);
        Assert.Equal("""{"id":11,"result":{}}""", await AskAsync(server, """{"id":11,"method":"ping"}"""));
        await server.SendMessageAsync(Recordings.Message("""{"id":1,"result":{}}"""), Ct);

        Assert.Equal(["""{"id":10,"result":{}}"""], await ReadAsync(server, 1));
    }

    [Fact]
    public async Task Requests_OfSeveralExchangesWithTheSameId_AreAnsweredEachWithItsOwn()
    {
        var id = await Recordings.WriteAsync(_store);
        await AddAsync("a", MessageDirection.ClientToServer, """{"jsonrpc":"2.0","id":1,"method":"a"}""");
        await AddAsync("b", MessageDirection.ClientToServer, """{"jsonrpc":"2.0","id":1,"method":"b"}""");
        await AddAsync("a", MessageDirection.ServerToClient, """{"jsonrpc":"2.0","id":1,"result":{"of":"a"}}""");
        await AddAsync("b", MessageDirection.ServerToClient, """{"jsonrpc":"2.0","id":1,"result":{"of":"b"}}""");
        await using var server = await new RecordedServerTransport(_store, id).ConnectAsync(Ct);

        Assert.Equal("""{"id":5,"result":{"of":"a"}}""", await AskAsync(server, """{"id":5,"method":"a"}"""));
        Assert.Equal("""{"id":6,"result":{"of":"b"}}""", await AskAsync(server, """{"id":6,"method":"b"}"""));

        async Task AddAsync(string exchange, MessageDirection direction, string payload) => await _store.AddFrameAsync(
            new MessageEnvelope(id, direction, TransportType.StreamableHttp, System.Text.Encoding.UTF8.GetBytes(payload), DateTimeOffset.UtcNow) { ExchangeId = exchange }, Ct);
    }

    [Fact]
    public async Task Requests_AllAtOnce_AreAllAnsweredAndTheServersWordsKeepTheirOrder()
    {
        const int Many = 200;
        string[] recording =
        [
            .. Enumerable.Range(0, Many).SelectMany(i => new[]
            {
                $$$"""> {"id":{{{i}}},"method":"tools/call","params":{"name":"n{{{i}}}"}}""",
                $$$"""< {"method":"notifications/message","params":{"data":{{{i}}}}}""",
                $$$"""< {"id":{{{i}}},"result":{"n":{{{i}}}}}""",
            }),
        ];
        await using var server = await ConnectAsync(recording);

        foreach (var i in Enumerable.Range(0, Many).Reverse())
        {
            await server.SendMessageAsync(Recordings.Message($$$"""{"id":{{{i}}},"method":"tools/call","params":{"name":"n{{{i}}}"}}"""), Ct);
        }

        var received = await ReadAsync(server, 2 * Many);
        Assert.Equal(
            Enumerable.Range(0, Many).Select(i => $$$"""{"method":"notifications/message","params":{"data":{{{i}}}}}"""),
            received.Where(message => message.Contains("method", StringComparison.Ordinal)));
        Assert.Equal(
            Enumerable.Range(0, Many).Select(i => $$$"""{"id":{{{i}}},"result":{"n":{{{i}}}}}""").Order(StringComparer.Ordinal),
            received.Where(message => message.Contains("result", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SessionIsDeletedMeanwhile_EndsTheConnection()
    {
        var id = await Recordings.WriteAsync(_store, """> {"id":1,"method":"ping"}""", """< {"id":1,"result":{}}""");
        await using var server = await new RecordedServerTransport(_store, id).ConnectAsync(Ct);
        await _store.DeleteSessionAsync(id, Ct);

        await server.SendMessageAsync(Recordings.Message("""{"id":1,"method":"ping"}"""), Ct);

        await Assert.ThrowsAsync<SessionNotFoundException>(async () => await server.MessageReader.Completion.WaitAsync(Ct));
    }

    [Fact]
    public async Task Connect_NoSuchSession_Throws()
    {
        await Assert.ThrowsAsync<SessionNotFoundException>(() => new RecordedServerTransport(_store, SessionId.New()).ConnectAsync(Ct));
        Assert.Throws<ArgumentException>(() => new RecordedServerTransport(_store, default));
        Assert.Throws<ArgumentNullException>(() => new RecordedServerTransport(null!, SessionId.New()));
    }

    [Fact]
    public async Task Dispose_WhileAnAnswerWaits_EndsIt()
    {
        var server = await ConnectAsync(
            """> {"id":1,"method":"tools/call"}""",
            """< {"id":"s1","method":"roots/list"}""",
            """> {"id":"s1","result":{}}""",
            """< {"id":1,"result":{}}""");
        await server.SendMessageAsync(Recordings.Message("""{"id":1,"method":"tools/call"}"""), Ct);
        await ReadAsync(server, 1);

        await server.DisposeAsync();

        Assert.Empty(await server.MessageReader.ReadAllAsync(Ct).ToListAsync(Ct));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => server.SendMessageAsync(Recordings.Message("""{"id":2,"method":"ping"}"""), Ct));
    }

    private async Task<ITransport> ConnectAsync(params string[] recording) =>
        await new RecordedServerTransport(_store, await Recordings.WriteAsync(_store, recording)).ConnectAsync(Ct);

    private static async Task<string> AskAsync(ITransport server, string request)
    {
        await server.SendMessageAsync(Recordings.Message(request), Ct);
        return Recordings.Json(await server.MessageReader.ReadAsync(Ct));
    }

    private static async Task<List<string>> ReadAsync(ITransport server, int count)
    {
        var messages = new List<string>();
        while (messages.Count < count)
        {
            messages.Add(Recordings.Json(await server.MessageReader.ReadAsync(Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Ct)));
        }

        return messages;
    }
}
