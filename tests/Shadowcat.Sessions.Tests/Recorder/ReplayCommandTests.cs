using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary><c>replay</c>: a recording in the place of its server, or of its client.</summary>
public sealed class ReplayCommandTests(RedisFixture redis)
{
    private static readonly string[] Server = [.. RecorderProcess.Command, "demo-server"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_WithoutAServer_AnswersAClientAsItsServerDid()
    {
        await using var record = new RecordedStore(redis.Configuration);
        SessionId id = await RecordAsync(record);

        await using McpClient client = await ConnectAsync([.. RecorderProcess.Command, "replay", id.Value, "--redis", redis.Configuration]);

        Assert.Equal("demo-server", client.ServerInfo?.Name);
        Assert.Equal("hello", await EchoAsync(client, "hello"));
        McpException unknown = await Assert.ThrowsAnyAsync<McpException>(() => EchoAsync(client, "never said"));
        Assert.Contains("recording", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_ClientClosesItsEnd_GetsItsAnswersFirst()
    {
        await using var record = new RecordedStore(redis.Configuration);
        SessionId id = await RecordAsync(record);
        byte[] asked = (await record.GetFramesAsync()).First(frame => frame.Direction == MessageDirection.ClientToServer).Payload.ToArray();

        RecorderRun run = await HostedRecorder.RunAsync((byte[])[.. asked, (byte)'\n'], "replay", id.Value, "--redis", redis.Configuration);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("\"result\"", Assert.Single(run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_ToTheSameServer_FindsNoDifference()
    {
        await using var record = new RecordedStore(redis.Configuration);
        SessionId id = await RecordAsync(record);

        RecorderRun run = await HostedRecorder.RunAsync(["replay", id.Value, "--redis", redis.Configuration, "--", .. Server]);

        Assert.True(run.ExitCode == 0, run.Text + run.Errors);
        Assert.Matches(@"^(\d+) of \1 answers are the same, 0 differences\r?\n$", run.Text);
    }

    [Fact]
    public async Task Replay_FromAFrame_ShakesHandsAndGoesOnThere()
    {
        await using var record = new RecordedStore(redis.Configuration);
        SessionId id = await RecordAsync(record);
        MessageEnvelope last = (await record.GetFramesAsync()).Last(frame => frame.Direction == MessageDirection.ClientToServer && frame.Kind == MessageKind.Request);

        RecorderRun run = await RecorderProcess.RunAsync(default, ["replay", id.Value, "--redis", redis.Configuration, "--from", $"{last.Sequence}", "--", .. Server]);

        Assert.True(run.ExitCode == 0, run.Text + run.Errors);
        Assert.Equal("2 of 2 answers are the same, 0 differences", run.Text.TrimEnd());
    }

    [Theory]
    [InlineData("999999", "shadowcat: the session has no frame 999999: its frames are 0 to ")]
    [InlineData("first", "'--from' takes the number of a frame, such as 12; 'first' is no such number.")]
    [InlineData("-1", "'--from' takes the number of a frame, such as 12; '-1' is no such number.")]
    public async Task Replay_FromAFrameThatIsNotThere_SaysSo(string from, string message)
    {
        await using var record = new RecordedStore(redis.Configuration);
        SessionId id = await RecordAsync(record);

        RecorderRun run = await RecorderProcess.RunAsync(default, "replay", id.Value, "--redis", redis.Configuration, "--from", from);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_ToAServerThatLeaves_ListsWhatItDidNotAnswer()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the sh of a Unix");
        await using var record = new RecordedStore(redis.Configuration);
        SessionId id = await RecordAsync(record);

        RecorderRun run = await HostedRecorder.RunAsync("replay", id.Value, "--redis", redis.Configuration, "--", "sh", "-c", "read line; exit 0");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("NoAnswer ", run.Text, StringComparison.Ordinal);
        Assert.Contains("0 of ", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_ToAServer_DoesNotTellItWhereTheStoreIs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the sh of a Unix");
        await using var record = new RecordedStore(redis.Configuration);
        SessionId id = await RecordAsync(record);
        string file = Path.GetTempFileName();

        await using RecorderProcess recorder = RecorderProcess.StartInShell(
            $"SHADOWCAT_REDIS='{redis.Configuration}' \"$@\"", "replay", id.Value, "--", "sh", "-c", "echo \"it is told '$SHADOWCAT_REDIS'\" >\"$0\"", file);
        await recorder.EndAsync();

        Assert.Equal("it is told ''\n", await File.ReadAllTextAsync(file, Ct));
        File.Delete(file);
    }

    [Fact]
    public async Task Replay_NoSuchCommand_SaysSo()
    {
        await using var record = new RecordedStore(redis.Configuration);
        SessionId id = await RecordAsync(record);

        RecorderRun run = await HostedRecorder.RunAsync("replay", id.Value, "--redis", redis.Configuration, "--", "no-such-command-anywhere");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("shadowcat: cannot connect to the server: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("no-such-command-anywhere", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_ToldToStop_SaysThatItDidNotEnd()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the programs of a Unix (sh, kill)");
        await using var record = new RecordedStore(redis.Configuration);
        SessionId id = await RecordAsync(record);
        string file = Path.GetTempFileName();
        await using RecorderProcess recorder = RecorderProcess.Start(
            "replay", id.Value, "--redis", redis.Configuration, "--", "sh", "-c", "read line; echo heard >\"$0\"; read line", file);
        await Poll.UntilAsync(async () => (await File.ReadAllTextAsync(file, Ct)).Length > 0, "the server was asked");

        recorder.Terminate();
        RecorderRun run = await recorder.WaitAsync();

        Assert.Equal((130, "shadowcat: stopped before the end\n"), (run.ExitCode, run.Errors));
        File.Delete(file);
    }

    [Fact]
    public async Task Replay_CommandAndAddress_IsRefused()
    {
        RecorderRun run = await HostedRecorder.RunAsync("replay", "x", "--redis", redis.Configuration, "--http", "http://127.0.0.1:1/mcp", "--", "cat");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("Give either", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>Records a client and the demonstration's server.</summary>
    private static async Task<SessionId> RecordAsync(RecordedStore record)
    {
        await using (McpClient client = await ConnectAsync([.. RecorderProcess.Command, .. record.Record(Server)]))
        {
            Assert.Equal("hello", await EchoAsync(client, "hello"));
            await client.ListToolsAsync(cancellationToken: Ct);
        }

        await Poll.UntilAsync(
            async () => await record.Store.ListSessionsAsync(new SessionFilter { Tags = [record.Tag] }).AnyAsync(session => session.State == SessionState.Closed),
            "the recording is closed");
        return (await record.GetSessionAsync()).Id;
    }

    private static Task<McpClient> ConnectAsync(string[] command) => McpClient.CreateAsync(
        new StdioClientTransport(new StdioClientTransportOptions { Command = command[0], Arguments = command[1..] }),
        new McpClientOptions { ProtocolVersion = "2025-11-25" },
        cancellationToken: Ct);

    private static async Task<string> EchoAsync(McpClient client, string text)
    {
        CallToolResult result = await client.CallToolAsync("echo", new Dictionary<string, object?> { ["text"] = text }, cancellationToken: Ct);
        return Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
    }
}
