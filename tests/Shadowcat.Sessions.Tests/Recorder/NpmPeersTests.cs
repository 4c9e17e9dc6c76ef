using System.Diagnostics;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>A client and a server that nobody here wrote, with the recorder between them.</summary>
public sealed class NpmPeersTests(RedisFixture redis)
{
    private const string Folder = "SHADOWCAT_TEST_NPM";

    /// <summary>Keeps what goes over a wire: <c>$1</c> what the client says, <c>$2</c> what the server says, the rest is the server.</summary>
    private const string Tee = "in=$1; out=$2; shift 2; tee \"$in\" | \"$@\" | tee \"$out\"";

    [Fact]
    public async Task Record_BetweenNpmPeers_ChangesNothingAndKeepsEverything()
    {
        string npm = NodeModulesOrSkip();
        await using var record = new RecordedStore(redis.Configuration);
        DirectoryInfo wires = Directory.CreateTempSubdirectory("shadowcat-npm-");

        try
        {
            string[] server = ["node", Path.Combine(npm, "node_modules/@modelcontextprotocol/server-everything/dist/index.js"), "stdio"];
            string[] WireOf(string name) => [Path.Combine(wires.FullName, $"{name}.in"), Path.Combine(wires.FullName, $"{name}.out")];
            string[] behind = WireOf("behind");
            string[] before = WireOf("before");

            string direct = await TalkAsync(npm, server);
            string recorded = await TalkAsync(
                npm,
                [
                    "sh", "-c", Tee, "sh", .. before,
                    .. RecorderProcess.Command, .. record.Record(["sh", "-c", Tee, "sh", .. behind, .. server]),
                ]);

            Assert.Equal(direct, recorded);
            Assert.Contains("\"echo\"", recorded, StringComparison.Ordinal);

            MessageDirection[] directions = [MessageDirection.ClientToServer, MessageDirection.ServerToClient];

            foreach ((MessageDirection direction, int i) in directions.Select((direction, i) => (direction, i)))
            {
                byte[] wire = await File.ReadAllBytesAsync(before[i], TestContext.Current.CancellationToken);
                Assert.NotEmpty(wire);
                Assert.Equal(wire, await File.ReadAllBytesAsync(behind[i], TestContext.Current.CancellationToken));
                Assert.Equal(wire, await record.GetWireAsync(direction));
            }

            Session session = await record.GetSessionAsync();
            Assert.Equal("npm-client", session.ClientInfo?.Name);
            Assert.Equal("mcp-servers/everything", session.ServerInfo?.Name);
            Assert.Equal(SessionBoundary.Handshake, session.Boundary);
            Assert.Equal(SessionState.Closed, session.State);
        }
        finally
        {
            wires.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task RecordHttp_BetweenNpmPeers_ChangesNothingAndKeepsEverything()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the kill of a Unix");
        string npm = NodeModulesOrSkip();
        await using var record = new RecordedStore(redis.Configuration);
        int port = LoopbackPort.NextFree();
        var start = new ProcessStartInfo("node", [Path.Combine(npm, "node_modules/@modelcontextprotocol/server-everything/dist/index.js"), "streamableHttp"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PORT"] = $"{port}";
        using Process server = Process.Start(start)!;
        server.OutputDataReceived += (_, _) => { };
        server.ErrorDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();

        try
        {
            var upstream = new Uri($"http://127.0.0.1:{port}/mcp");
            await Poll.UntilAsync(() => RecorderProcess.AcceptsAsync(port), "the server listens");
            (RecorderProcess recorder, Uri endpoint) = await RecorderProcess.StartBeforeAsync(upstream, "--redis", redis.Configuration, "--tag", record.Tag);
            await using RecorderProcess _ = recorder;

            string direct = await TalkAsync(npm, [$"{upstream}"]);
            string recorded = await TalkAsync(npm, [$"{endpoint}"]);
            recorder.Terminate();
            Assert.Equal(0, (await recorder.WaitAsync()).ExitCode);

            Assert.Equal(direct, recorded);
            Assert.Contains("\"echo\"", recorded, StringComparison.Ordinal);
            Session session = await record.GetSessionAsync();
            Assert.Equal(("npm-client", "mcp-servers/everything", "2025-11-25"), (session.ClientInfo?.Name, session.ServerInfo?.Name, session.VersionState?.Negotiated));
            Assert.Equal((SessionBoundary.Handshake, SessionState.Closed, "the client ended the session"), (session.Boundary, session.State, session.CloseReason));
            Assert.NotNull(session.TransportSessionId);
            List<MessageEnvelope> frames = await record.GetFramesAsync();

            // What is no message is the end of an exchange without one: a notification that was accepted, the stream and the session that the client ended.
            Assert.All(frames.Where(frame => frame.Kind == MessageKind.Unparsed), frame => Assert.NotNull(frame.Metadata.GetValueOrDefault(ExchangeEnd.Key)));
            Assert.Equal(Ids(MessageKind.Request), Ids(MessageKind.Response, MessageKind.Error));

            IEnumerable<string> Ids(params MessageKind[] kinds) => frames.Where(frame => kinds.Contains(frame.Kind)).Select(frame => $"{frame.RequestId}").Order(StringComparer.Ordinal);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static string NodeModulesOrSkip()
    {
        string? npm = Environment.GetEnvironmentVariable(Folder);
        Assert.SkipWhen(
            string.IsNullOrEmpty(npm),
            $"needs {Folder}: a folder where npm installed @modelcontextprotocol/sdk and @modelcontextprotocol/server-everything");
        return npm;
    }

    /// <summary>Lets the client talk to a server, and returns what it received.</summary>
    private static async Task<string> TalkAsync(string npm, string[] server)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "npm-client.mjs"), .. server])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment[Folder] = npm;
        using Process client = Process.Start(start)!;
        string received = await client.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await client.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, client.ExitCode);
        return received;
    }
}
