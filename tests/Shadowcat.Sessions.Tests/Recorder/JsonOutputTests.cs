using System.Text.Json;
using Shadowcat.Sessions.Tests.Sqlite;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>What commands write for programs.</summary>
public sealed class JsonOutputTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task List_Json_IsALineForEachSessionWithWhatIsKnownOfIt()
    {
        Session[] sessions = [await RecordAsync(), await RecordAsync()];

        RecorderRun list = await RunAsync("list", "--json");
        RecorderRun newest = await RunAsync("list", "--json", "--limit", "1");
        RecorderRun none = await RunAsync("list", "--json", "--status", "failed");

        List<JsonElement> lines = Lines(list);
        Assert.Equal(sessions.Select(session => session.Id.Value).Order(StringComparer.Ordinal), lines.Select(line => Text(line, "id")).Order(StringComparer.Ordinal));
        Assert.Single(Lines(newest));
        Assert.Equal((0, ""), (none.ExitCode, none.Text));
        Assert.Equal(
            [
                "id", "transport", "boundary", "state", "status", "closeReason", "client", "protocolVersion", "versionAttempts", "createdAt", "lastActivity", "expiresAt", "frameCount",
                "firstSequence", "tags", "transportSessionId", "owner",
            ],
            lines[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(("streamableHttp", "closed", "timedOut"), (Text(lines[0], "transport"), Text(lines[0], "state"), Text(lines[0], "status")));
        Assert.Equal("client\u202E", Text(lines[0].GetProperty("client"), "name"));
        Assert.Equal(3, lines[0].GetProperty("frameCount").GetInt64());
        Assert.Equal("sub", Text(lines[0].GetProperty("owner"), "claimType"));
        Assert.DoesNotContain(list.Text, character => character > 0x7E || (char.IsControl(character) && character != '\n'));
    }

    [Fact]
    public async Task Show_Json_IsTheSessionAndItsFrames()
    {
        Session session = await RecordAsync();

        RecorderRun show = await RunAsync("show", session.Id.Value, "--json");
        RecorderRun last = await RunAsync("show", session.Id.Value, "--json", "--last", "1");
        RecorderRun gone = await RunAsync("show", "no-such-session", "--json");

        JsonElement document = Assert.Single(Lines(show));
        Assert.Equal(session.Id.Value, Text(document.GetProperty("session"), "id"));
        Assert.Equal(3, document.GetProperty("frames").GetArrayLength());
        Assert.Equal(1, Assert.Single(Lines(last)).GetProperty("frames").GetArrayLength());
        Assert.Equal((1, ""), (gone.ExitCode, gone.Text));
    }

    [Fact]
    public async Task Follow_Json_IsALineForEachFrame()
    {
        Session session = await RecordAsync();

        List<JsonElement> lines = Lines(await RunAsync("follow", session.Id.Value, "--json"));

        Assert.Equal(["0", "1", "2"], lines.Select(line => line.GetProperty("sequence").GetRawText()));
        Assert.Equal(("request", "tools/call", "7"), (Text(lines[0], "kind"), Text(lines[0], "method"), lines[0].GetProperty("requestId").GetRawText()));
        Assert.Equal("serverToClient", Text(lines[0], "direction"));
        Assert.Equal("\e[2J", Text(lines[0].GetProperty("message").GetProperty("params"), "a"));
        Assert.Equal("no JSON\e[2J", Text(lines[1], "text"));
        Assert.Equal([0xFF, 0xFE], lines[2].GetProperty("base64").GetBytesFromBase64());
        Assert.Equal("truncated", Assert.Single(lines[2].GetProperty("flags").EnumerateArray()).GetString());
        Assert.Equal("401", Text(lines[2].GetProperty("metadata"), "http.status"));
    }

    [Fact]
    public async Task CountImportDelete_Json_AreNumbersUnderNames()
    {
        Session session = await RecordAsync();
        RecorderRun export = await RunAsync("export", session.Id.Value);

        RecorderRun count = await RunAsync("count", "--json");
        RecorderRun delete = await RunAsync("delete", session.Id.Value, "--json");
        RecorderRun import = await HostedRecorder.RunAsync(export.Output, "import", "-", "--json", "--store", _file.Path);
        RecorderRun all = await RunAsync("delete", "--all", "--yes", "--json");

        Assert.Equal("{\"sessions\":1}\n", count.Text);
        Assert.Equal("{\"deleted\":1}\n", delete.Text);
        Assert.Equal("{\"sessions\":1,\"frames\":3}\n", import.Text);
        Assert.Equal("{\"deleted\":1}\n", all.Text);
        Assert.DoesNotContain("importing", import.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("follow")]
    public async Task Command_JsonAndRaw_IsRefused(string command)
    {
        RecorderRun run = await RunAsync(command, "x", "--json", "--raw");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("Give either '--json' or '--raw'.", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("record")]
    [InlineData("list")]
    [InlineData("show")]
    [InlineData("follow")]
    [InlineData("replay")]
    [InlineData("export")]
    [InlineData("import")]
    [InlineData("count")]
    [InlineData("delete")]
    [InlineData("wrap")]
    [InlineData("unwrap")]
    [InlineData("completion")]
    public async Task Help_AnyCommand_EndsWithExamples(string command)
    {
        RecorderRun help = await HostedRecorder.RunAsync(command, "--help");

        Assert.Equal(0, help.ExitCode);
        Assert.Contains($"  shadowcat {command}", help.Text[help.Text.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    private static List<JsonElement> Lines(RecorderRun run)
    {
        Assert.True(run.ExitCode == 0, run.Errors);
        return [.. run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private Task<RecorderRun> RunAsync(params string[] arguments) => HostedRecorder.RunAsync([.. arguments, "--store", _file.Path]);

    private async Task<Session> RecordAsync()
    {
        await using var store = new SqliteSessionStore(_file.Path);
        Session session = await store.CreateSessionAsync(
            new Session(SessionId.New(), TransportType.StreamableHttp)
            {
                ClientInfo = Peer.Create("client\u202E", "1"),
                VersionState = new VersionState { Negotiated = "2025-11-25", Attempts = [new VersionAttempt("2025-11-25", "2025-11-25")] },
                Tags = ["a"],
                TransportSessionId = Guid.NewGuid().ToString("N"),
                Owner = new SessionOwner("sub", "alice", "https://issuer.example"),
            },
            Ct);
        await store.AddFramesAsync(
            session.Id,
            [
                Frame("{\"jsonrpc\":\"2.0\",\n \"id\":7,\"method\":\"tools/call\",\"params\":{\"a\":\"\\u001b[2J\"}}"u8.ToArray()),
                Frame("no JSON\e[2J"u8.ToArray()),
                Frame([0xFF, 0xFE]) with { Flags = MessageFlags.Truncated, Metadata = FrameMetadata.Create([new("http.status", "401")]) },
            ],
            Ct);
        return await store.CloseSessionAsync(session.Id, SessionStatus.TimedOut, "late", cancellationToken: Ct);

        MessageEnvelope Frame(byte[] payload) => new(session.Id, MessageDirection.ServerToClient, TransportType.StreamableHttp, payload, DateTimeOffset.UtcNow);
    }
}
