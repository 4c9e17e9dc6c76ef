using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Replay;

/// <summary>A recorded client that talks to a server, message by message.</summary>
public sealed class SessionReplayTests
{
    private static readonly SessionReplayOptions Impatient = new() { AnswerTimeout = TimeSpan.FromMilliseconds(200) };

    private readonly InMemorySessionStore _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_ServerThatAnswersTheSame_HasNoDifferences()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}""",
            """< {"id":0,"result":{"protocolVersion":"2025-11-25","_meta":{"at":1}}}""",
            """> {"method":"notifications/initialized"}""",
            """> {"id":"x","method":"tools/list"}""",
            """< {"method":"notifications/message","params":{"data":"then"}}""",
            """< {"id":"x","error":{"code":-32601,"message":"no"}}""");
        await using var server = new ScriptedServer((message, client) =>
        {
            if (message is JsonRpcRequest { Method: "initialize" } hello)
            {
                client.TryWrite(new JsonRpcResponse { Id = hello.Id, Result = JsonNode.Parse("""{"_meta":{"at":2},"protocolVersion":"2025-11-25"}""") });
            }
            else if (message is JsonRpcRequest list)
            {
                client.TryWrite(new JsonRpcError { Id = list.Id, Error = new JsonRpcErrorDetail { Code = -32601, Message = "no" } });
                client.TryWrite(new JsonRpcNotification { Method = "notifications/message", Params = JsonNode.Parse("""{"data":"now"}""") });
            }
        });

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Empty(report.Differences);
        Assert.Equal((2, 2), (report.Requests, report.SameAnswers));
        Assert.Equal(
            [
                """{"id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}""",
                """{"method":"notifications/initialized"}""",
                """{"id":"x","method":"tools/list"}""",
            ],
            server.Received);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 3)]
    [InlineData(4, 2)]
    [InlineData(5, 2)]
    [InlineData(7, 1)]
    public async Task Replay_FromAFrame_ShakesHandsAndGoesOnThere(long from, int requests)
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}""",
            """< {"id":0,"result":{"protocolVersion":"2025-11-25"}}""",
            """> {"method":"notifications/initialized"}""",
            """> {"id":1,"method":"tools/call","params":{"name":"one"}}""",
            """< {"method":"notifications/message","params":{"data":"one"}}""",
            """> {"id":2,"method":"tools/call","params":{"name":"two"}}""",
            """< {"id":1,"result":{"n":1}}""",
            """< {"id":2,"result":{"n":2}}""");
        await using var server = new ScriptedServer((message, client) =>
        {
            if (message is JsonRpcRequest { Method: "initialize" } hello)
            {
                client.TryWrite(Result(hello, """{"protocolVersion":"2025-11-25"}"""));
            }
            else if (message is JsonRpcRequest call)
            {
                if (call.Id.ToString() == "1" || from == 4)
                {
                    client.TryWrite(new JsonRpcNotification { Method = "notifications/message" });
                }

                client.TryWrite(Result(call, $$"""{"n":{{call.Id}}}"""));
            }
        });

        var report = await _store.ReplayClientAsync(id, server, new SessionReplayOptions { FromSequence = from }, Ct);

        Assert.Empty(report.Differences);
        Assert.Equal((requests, requests), (report.Requests, report.SameAnswers));
        Assert.Equal(["""{"id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}""", """{"method":"notifications/initialized"}"""], server.Received.Take(2));
    }

    [Fact]
    public async Task Replay_OtherAnswers_AreListedByTheirPlace()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":1,"method":"tools/call","params":{"name":"a"}}""",
            """< {"id":1,"result":{"content":[{"type":"text","text":"one"},{"type":"text","text":"two"}],"n":1.0,"gone":[],"time":"12:00"}}""",
            """> {"id":2,"method":"ping"}""",
            """< {"id":2,"result":{}}""");
        await using var server = new ScriptedServer(Answer(request => request.Method == "ping"
            ? new JsonRpcError { Id = request.Id, Error = new JsonRpcErrorDetail { Code = -1, Message = "no" } }
            : Result(request, """{"content":[{"type":"text","text":"one"},{"type":"text","text":"2"},{"type":"image"}],"n":1,"new":true,"time":"13:00"}""")));
        var options = new SessionReplayOptions { IgnoredPaths = { "result.time", "result.content[*].image" } };

        var report = await _store.ReplayClientAsync(id, server, options, Ct);

        Assert.Equal((2, 0), (report.Requests, report.SameAnswers));
        Assert.Equal(
            [
                new(ReplayDifferenceKind.Answer, "tools/call", 0, "result.content[1].text", "\"two\"", "\"2\""),
                new(ReplayDifferenceKind.Answer, "tools/call", 0, "result.content[2]", null, """{"type":"image"}"""),
                new(ReplayDifferenceKind.Answer, "tools/call", 0, "result.gone", "[]", null),
                new(ReplayDifferenceKind.Answer, "tools/call", 0, "result.new", null, "true"),
                new(ReplayDifferenceKind.Answer, "ping", 2, "result", "{}", null),
                new(ReplayDifferenceKind.Answer, "ping", 2, "error", null, """{"code":-1,"message":"no"}"""),
            ],
            report.Differences);
    }

    [Fact]
    public async Task Replay_AlsoWithinArrays_IgnoresWhatIsToBeIgnored()
    {
        var id = await Recordings.WriteAsync(_store, """> {"id":1,"method":"m"}""", """< {"id":1,"result":{"list":[{"at":1},{"at":2}]}}""");
        await using var server = new ScriptedServer(Answer(request => Result(request, """{"list":[{"at":3},{"at":4}]}""")));

        var report = await _store.ReplayClientAsync(id, server, new SessionReplayOptions { IgnoredPaths = { "result.list[*].at" } }, Ct);

        Assert.Empty(report.Differences);
    }

    [Fact]
    public async Task Replay_WhatWasUnderWayAtOnce_IsSoAgain()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":1,"method":"m"}""",
            """> {"id":2,"method":"m"}""",
            """< {"id":2,"result":{}}""",
            """< {"id":1,"result":{}}""",
            """> {"id":3,"method":"m"}""",
            """< {"id":3,"result":{}}""");
        JsonRpcRequest? first = null;

        // It answers the first only when it has the second, and the third only when both were answered.
        await using var server = new ScriptedServer((message, client) =>
        {
            var request = (JsonRpcRequest)message;
            if (first is null)
            {
                first = request;
                return;
            }

            client.TryWrite(Result(request, "{}"));
            client.TryWrite(Result(first, "{}"));
        });

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Empty(report.Differences);
        Assert.Equal(3, report.SameAnswers);
    }

    [Fact]
    public async Task Replay_SameDigitsAsNumberAndText_AreTwoRequests()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":1,"method":"a"}""",
            """> {"id":"1","method":"b"}""",
            """< {"id":1,"result":{"of":"a"}}""",
            """< {"id":"1","result":{"of":"b"}}""");
        JsonRpcRequest? first = null;
        await using var server = new ScriptedServer((message, client) =>
        {
            if (first is null)
            {
                first = (JsonRpcRequest)message;
                return;
            }

            client.TryWrite(Result(first, """{"of":"a"}"""));
            client.TryWrite(Result((JsonRpcRequest)message, """{"of":"b"}"""));
        });

        var report = await _store.ReplayClientAsync(id, server, Impatient, Ct);

        Assert.Empty(report.Differences);
    }

    [Fact]
    public async Task Replay_ServerDoesNotAnswerOrAnswersAnew_IsADifference()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":1,"method":"silent"}""",
            """< {"id":1,"result":{}}""",
            """> {"id":2,"method":"new"}""",
            """> {"id":3,"method":"same"}""",
            """< {"id":3,"result":{}}""",
            """> {"id":4,"method":"unanswered"}""");
        await using var server = new ScriptedServer(Answer(request => request.Method is "new" or "same" ? Result(request, "{}") : null));

        var report = await _store.ReplayClientAsync(id, server, Impatient, Ct);

        Assert.Equal([ReplayDifferenceKind.NoAnswer, ReplayDifferenceKind.NewAnswer], report.Differences.Select(difference => difference.Kind));
        Assert.Equal(["silent", "new"], report.Differences.Select(difference => difference.Method));
        Assert.Equal((4, 1), (report.Requests, report.SameAnswers));
    }

    [Fact]
    public async Task Replay_ConnectionEnds_IsADifferenceForAllThatFollows()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":1,"method":"a"}""",
            """< {"id":1,"result":{}}""",
            """> {"id":2,"method":"b"}""",
            """< {"id":2,"result":{}}""");
        await using var server = new ScriptedServer((_, client) => client.TryComplete(new IOException("broken")));

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Equal(["a", "b"], report.Differences.Select(difference => difference.Method));
        Assert.All(report.Differences, difference => Assert.Contains("broken", difference.Actual, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replay_SendingFails_IsADifference()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"method":"notifications/initialized"}""",
            """> {"id":1,"method":"a"}""",
            """< {"id":1,"result":{}}""");
        await using var server = new ScriptedServer((_, _) => throw new IOException("refused"));

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Equal([ReplayDifferenceKind.NotSent, ReplayDifferenceKind.NoAnswer], report.Differences.Select(difference => difference.Kind));
        Assert.All(report.Differences, difference => Assert.Equal("refused", difference.Actual));
    }

    [Fact]
    public async Task Replay_SendingTimesOut_IsADifferenceAndNoCancellation()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"method":"notifications/initialized"}""",
            """> {"id":1,"method":"a"}""",
            """< {"id":1,"result":{}}""");
        await using var server = new ScriptedServer((_, _) => throw new TaskCanceledException("too late"));

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Equal([ReplayDifferenceKind.NotSent, ReplayDifferenceKind.NoAnswer], report.Differences.Select(difference => difference.Kind));
        Assert.All(report.Differences, difference => Assert.Equal("too late", difference.Actual));
    }

    [Fact]
    public async Task Replay_NotificationsMissingOrMore_AreCounted()
    {
        var id = await Recordings.WriteAsync(
            _store,
            """> {"id":1,"method":"a"}""",
            """< {"method":"notifications/progress"}""",
            """< {"method":"notifications/progress"}""",
            """< {"id":1,"result":{}}""");
        await using var server = new ScriptedServer((message, client) =>
        {
            client.TryWrite(new JsonRpcNotification { Method = "notifications/progress" });
            client.TryWrite(new JsonRpcNotification { Method = "notifications/message" });
            client.TryWrite(Result((JsonRpcRequest)message, "{}"));
        });

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Equal(
            [
                new(ReplayDifferenceKind.Notifications, "notifications/message", recorded: "0", actual: "1"),
                new(ReplayDifferenceKind.Notifications, "notifications/progress", recorded: "2", actual: "1"),
            ],
            report.Differences);
    }

    [Fact]
    public async Task Replay_RecordedMessageCannotBeSent_IsADifference()
    {
        var id = await Recordings.WriteAsync(_store, """> {"method":"a"}""", "> no JSON");
        await using var server = new ScriptedServer((_, _) => throw new IOException("gone"));

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Equal((ReplayDifferenceKind.NotSent, 0), (Assert.Single(report.Differences).Kind, report.Requests));
    }

    [Fact]
    public async Task Replay_Cancelled_Ends()
    {
        var id = await Recordings.WriteAsync(_store, """> {"id":1,"method":"a"}""", """< {"id":1,"result":{}}""");
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await using var server = new ScriptedServer((_, _) => cancelling.Cancel());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.ReplayClientAsync(id, server, cancellationToken: cancelling.Token));
    }

    [Fact]
    public async Task Replay_BadArguments_AreRefused()
    {
        await using var server = new ScriptedServer((_, _) => { });

        await Assert.ThrowsAsync<ArgumentException>(() => _store.ReplayClientAsync(default, server, cancellationToken: Ct));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _store.ReplayClientAsync(SessionId.New(), null!, cancellationToken: Ct));
        await Assert.ThrowsAsync<SessionNotFoundException>(() => _store.ReplayClientAsync(SessionId.New(), server, cancellationToken: Ct));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SessionReplayOptions { FromSequence = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordedServerTransport(_store, SessionId.New()) { FromSequence = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SessionReplayOptions { AnswerTimeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SessionReplayOptions { AnswerTimeout = TimeSpan.FromDays(2) });
    }

    private static JsonRpcResponse Result(JsonRpcRequest request, string result) => new() { Id = request.Id, Result = JsonNode.Parse(result) };

    private static Action<JsonRpcMessage, ChannelWriter<JsonRpcMessage>> Answer(Func<JsonRpcRequest, JsonRpcMessage?> answer) => (message, client) =>
    {
        if (message is JsonRpcRequest request && answer(request) is { } reply)
        {
            client.TryWrite(reply);
        }
    };
}
