using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp.Tests.Replay;
using Shadowcat.Sessions.TestKit.Mcp;

namespace Shadowcat.Sessions.Mcp.Tests.TestKit;

/// <summary>A fixture that answers from a file.</summary>
public sealed class ReplayedServerTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Recording_OfASession_AnswersEveryClientFromItsBeginning()
    {
        await WriteAsync(1);
        await using var server = new Replayed(_path);
        await server.InitializeAsync();

        foreach (var _ in Enumerable.Range(0, 2))
        {
            await using var client = await server.ConnectAsync(cancellationToken: Ct);
            var first = await client.CallToolAsync("next", cancellationToken: Ct);
            var second = await client.CallToolAsync("next", cancellationToken: Ct);

            Assert.Equal("recorded 1", client.ServerInfo?.Name);
            Assert.Equal(["one", "two"], new[] { first, second }.Select(static answer => Assert.IsType<TextContentBlock>(Assert.Single(answer.Content)).Text));
        }
    }

    [Fact]
    public async Task Request_ThatIsNotRecorded_IsAnsweredWithAnError()
    {
        await WriteAsync(1);
        await using var server = new Replayed(_path);
        await server.InitializeAsync();
        await using var client = await server.ConnectAsync(cancellationToken: Ct);

        var exception = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync("other", cancellationToken: Ct));

        Assert.Equal(McpErrorCode.InvalidParams, exception.ErrorCode);
    }

    [Fact]
    public async Task Recording_OfSeveralSessions_AnswersAsTheOneThatIsNamed()
    {
        var ids = await WriteAsync(2);
        await using var server = new Replayed(_path, ids[1].Value);
        await server.InitializeAsync();
        await using var client = await server.ConnectAsync(cancellationToken: Ct);

        Assert.Equal("recorded 2", client.ServerInfo?.Name);
        var unnamed = await Assert.ThrowsAsync<InvalidOperationException>(async () => await new Replayed(_path).InitializeAsync());
        Assert.All(ids, id => Assert.Contains(id.Value, unnamed.Message, StringComparison.Ordinal));
        var wrong = await Assert.ThrowsAsync<InvalidOperationException>(async () => await new Replayed(_path, "no-such").InitializeAsync());
        Assert.Contains("no-such", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recording_ThatIsMissing_SaysWhereItWasLookedFor()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(async () => await new Replayed("recordings/none.jsonl").InitializeAsync());

        Assert.Contains(Path.Combine(AppContext.BaseDirectory, "recordings", "none.jsonl"), exception.Message, StringComparison.Ordinal);
        Assert.Contains("CopyToOutputDirectory", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recording_ThatIsNone_IsRefused()
    {
        await File.WriteAllTextAsync(_path, "no recording\n", Ct);

        await Assert.ThrowsAsync<SessionArchiveException>(async () => await new Replayed(_path).InitializeAsync());
    }

    [Fact]
    public void Transport_BeforeTheRecordingIsRead_SaysWhatIsMissing() =>
        Assert.Contains("IClassFixture<Replayed>", Assert.Throws<InvalidOperationException>(() => new Replayed(_path).Transport).Message, StringComparison.Ordinal);

    private async Task<List<SessionId>> WriteAsync(int sessions)
    {
        var store = new InMemorySessionStore();
        var ids = new List<SessionId>();
        for (var i = 1; i <= sessions; i++)
        {
            ids.Add(await Recordings.WriteAsync(
                store,
                """> {"id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""",
                "< {\"id\":0,\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"recorded " + i + "\",\"version\":\"1\"}}}",
                """> {"method":"notifications/initialized"}""",
                """> {"id":1,"method":"tools/call","params":{"name":"next"}}""",
                """< {"id":1,"result":{"content":[{"type":"text","text":"one"}]}}""",
                """> {"id":2,"method":"tools/call","params":{"name":"next"}}""",
                """< {"id":2,"result":{"content":[{"type":"text","text":"two"}]}}"""));
        }

        await using var file = File.Create(_path);
        await store.ExportSessionsAsync(null, file, cancellationToken: Ct);
        return ids;
    }

    private sealed class Replayed(string path, string? session = null) : ReplayedServer(path, session);
}
