using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Replay;

/// <summary>The SDK's client talks to the SDK's server; then each of them to the recording of the other.</summary>
public sealed class EndToEndTests
{
    private readonly InMemorySessionStore _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    [InlineData(null)]
    public async Task RecordedServer_AnotherClient_ReceivesTheSame(string? version)
    {
        var (id, answers) = await RecordAsync(version);

        foreach (var name in (string[])["another client", "a third one"])
        {
            var replay = await _store.CreateSessionAsync(new Session(SessionId.New(), TransportType.Stdio), Ct);
            Assert.Equal(answers, await TalkAsync(new Tap(new RecordedServerTransport(_store, id), _store, replay.Id), name, version));
            Assert.Equal(await SaidAsync(id), await SaidAsync(replay.Id));
        }
    }

    [Fact]
    public async Task RecordedServer_QuestionThatWasNeverAsked_IsAnError()
    {
        var (id, _) = await RecordAsync(null);
        await using var client = await McpClient.CreateAsync(new RecordedServerTransport(_store, id), cancellationToken: Ct);

        var exception = await Assert.ThrowsAsync<McpProtocolException>(async () =>
            await client.CallToolAsync("greet", new Dictionary<string, object?> { ["name"] = "nobody" }, cancellationToken: Ct));

        Assert.Equal(McpErrorCode.InvalidParams, exception.ErrorCode);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task RecordedClient_SameServer_HasNoDifferences(string version)
    {
        var (id, _) = await RecordAsync(version);
        await using var live = new LiveServer("Hello");
        await using var server = await live.Transport.ConnectAsync(Ct);

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        Assert.Empty(report.Differences);
        Assert.InRange(report.SameAnswers, 4, 5);
        Assert.Equal(report.Requests, report.SameAnswers);
    }

    [Fact]
    public async Task RecordedClient_ChangedServer_ShowsTheChange()
    {
        var (id, _) = await RecordAsync("2025-11-25");
        await using var live = new LiveServer("Good morning");
        await using var server = await live.Transport.ConnectAsync(Ct);

        var report = await _store.ReplayClientAsync(id, server, cancellationToken: Ct);

        var difference = Assert.Single(report.Differences);
        Assert.Equal((ReplayDifferenceKind.Answer, "tools/call", "result.content[0].text"), (difference.Kind, difference.Method, difference.Path));
        Assert.Equal(("\"Hello, Ada\"", "\"Good morning, Ada\""), (difference.Recorded, difference.Actual));
    }

    private async Task<(SessionId Id, string Received)> RecordAsync(string? version)
    {
        var session = await _store.CreateSessionAsync(new Session(SessionId.New(), TransportType.Stdio), Ct);
        await using var live = new LiveServer("Hello");
        return (session.Id, await TalkAsync(new Tap(live.Transport, _store, session.Id), "recorded client", version));
    }

    /// <summary>What the server said, but for ids and tokens.</summary>
    private async Task<IReadOnlyList<string>> SaidAsync(SessionId id) => await _store.GetFramesAsync(id, cancellationToken: Ct)
        .Where(frame => frame.Direction == MessageDirection.ServerToClient)
        .Select(frame => JsonNode.Parse(frame.Payload.Span)!)
        .Select(message => $"{message["method"]} {message["result"]} {message["error"]} {message["params"]?["progress"]}")
        .ToListAsync(Ct);

    /// <summary>Lets a client talk, and returns what it received. Its SDK may pass progress on later than the answer, or not at all.</summary>
    private static async Task<string> TalkAsync(IClientTransport transport, string name, string? version)
    {
        await using var client = await McpClient.CreateAsync(
            transport,
            new McpClientOptions { ClientInfo = new Implementation { Name = name, Version = "1" }, ProtocolVersion = version },
            cancellationToken: Ct);
        var tools = await client.ListToolsAsync(cancellationToken: Ct);
        var greeting = await client.CallToolAsync("greet", new Dictionary<string, object?> { ["name"] = "Ada" }, cancellationToken: Ct);
        var work = await client.CallToolAsync("work", progress: new Progress<ProgressNotificationValue>(), cancellationToken: Ct);
        return string.Join(
            '\n',
            [
                client.ServerInfo?.Name,
                client.NegotiatedProtocolVersion,
                .. tools.Select(tool => $"{tool.Name} {tool.JsonSchema}"),
                .. greeting.Content.Concat(work.Content).Select(block => ((TextContentBlock)block).Text),
            ]);
    }
}
