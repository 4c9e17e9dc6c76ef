using System.Text;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>The recorder in front of real programs: they notice nothing, and everything is written down.</summary>
public sealed class RecordTests(RedisFixture redis)
{
    public static TheoryData<string, byte[]> Conversations => new()
    {
        { "a request", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n"u8.ToArray() },
        { "CRLF", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\r\n{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}\r\n"u8.ToArray() },
        { "empty lines", "\n\r\n\n{}\n\n"u8.ToArray() },
        { "no JSON, no UTF-8", [.. "not json\n\0"u8, 0xFF, 0xFE, .. "\n"u8] },
        { "no final line feed", "{}\n{\"jsonrpc\":\"2.0\",\"method\":\"last\"}"u8.ToArray() },
        { "1 MiB in a line", Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"big\",\"params\":\"{new string('x', 1 << 20)}\"}}\n") },
    };

    [Theory]
    [MemberData(nameof(Conversations))]
    public async Task Record_AnyBytes_PassThroughAndAreKept(string name, byte[] bytes)
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);

        RecorderRun run = await RecorderProcess.RunAsync(bytes, record.Record("cat"));

        Assert.True(bytes.AsSpan().SequenceEqual(run.Output), $"{name}: the output differs");
        Assert.Equal(bytes, await record.GetWireAsync(MessageDirection.ClientToServer));
        Assert.Equal(bytes, await record.GetWireAsync(MessageDirection.ServerToClient));
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Errors);
    }

    [Fact]
    public async Task Record_NothingSaid_LeavesNoSession()
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);

        RecorderRun run = await RecorderProcess.RunAsync(default, record.Record("cat"));

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Empty(await record.Store.ListSessionsAsync(new SessionFilter { Tags = [record.Tag] }, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Record_Answer_ComesAfterItsQuestion()
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);
        await using RecorderProcess recorder = RecorderProcess.Start(record.Record("cat"));

        for (int i = 0; i < 200; i++)
        {
            await recorder.Input.WriteAsync(Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":{i},\"method\":\"ping\"}}\n"), TestContext.Current.CancellationToken);
            await recorder.Input.FlushAsync(TestContext.Current.CancellationToken);
        }

        await recorder.EndAsync();
        List<MessageEnvelope> frames = (await record.GetFramesAsync()).FindAll(frame => frame.Direction != MessageDirection.Internal);
        Assert.Equal(400, frames.Count);
        Assert.Equal(frames.Select(frame => frame.Timestamp).Order(), frames.Select(frame => frame.Timestamp));
        HashSet<RequestId> asked = [];
        Assert.All(frames, frame => Assert.True(
            frame.Direction == MessageDirection.ClientToServer ? asked.Add(frame.RequestId!.Value) : asked.Contains(frame.RequestId!.Value)));
    }

    [Fact]
    public async Task Record_MessageOverTheLimit_PassesWholeAndIsKeptCutOff()
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);
        int limit = new SessionStoreOptions().MaxFrameBytes;
        byte[] bytes = Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"huge\",\"params\":\"{new string('x', limit)}\"}}\n");

        RecorderRun run = await RecorderProcess.RunAsync(bytes, record.Record("cat"));

        Assert.True(bytes.AsSpan().SequenceEqual(run.Output));
        MessageEnvelope frame = (await record.GetFramesAsync())[0];
        Assert.Equal(MessageFlags.Truncated, frame.Flags);
        Assert.True(bytes.AsSpan(0, limit).SequenceEqual(frame.Payload.Span));
        Assert.Equal("huge", frame.Method);
        Assert.Equal($"{bytes.Length - 1}", frame.Metadata["recording.length"]);
    }

    [Fact]
    public async Task Record_ServerFails_PassesItsExitCodeOn()
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);

        RecorderRun run = await RecorderProcess.RunAsync(default, record.Record("sh", "-c", "echo last words; echo aside >&2; exit 7"));

        Assert.Equal(7, run.ExitCode);
        Assert.Equal("last words\n", run.Text);
        Assert.Equal("aside\n", run.Errors);
        Session session = await record.GetSessionAsync();
        Assert.Equal((SessionState.Closed, SessionStatus.Failed), (session.State, session.Status));
        Assert.Contains("exited with 7", session.CloseReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_ClientLeaves_ClosesTheSession()
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);

        await RecorderProcess.RunAsync("x\n"u8.ToArray(), record.Record("cat"));

        Session session = await record.GetSessionAsync();
        Assert.Equal((SessionState.Closed, SessionStatus.Completed), (session.State, session.Status));
        Assert.Equal("the client closed its end; the server exited with 0", session.CloseReason);
    }

    [Fact]
    public async Task Record_ToldToStop_EndsTheServerAndClosesTheSession()
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);
        await using RecorderProcess recorder = RecorderProcess.Start(record.Record("cat"));
        await recorder.Input.WriteAsync("x\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await recorder.Input.FlushAsync(TestContext.Current.CancellationToken);
        await Poll.UntilAsync(
            async () => await record.Store.ListSessionsAsync(new SessionFilter { Tags = [record.Tag] }).AnyAsync(session => session.FrameCount == 2),
            "both frames are written");

        recorder.Terminate();
        RecorderRun run = await recorder.WaitAsync();

        Assert.Equal(128 + 15, run.ExitCode);
        Session session = await record.GetSessionAsync();
        Assert.Equal(SessionState.Closed, session.State);
        Assert.StartsWith("the recorder was stopped", session.CloseReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read -r -n 1 x; exit 3", 1 << 20, true)]
    [InlineData("read -r -n 1 x; exit 3", 1 << 20, false)]
    [InlineData("read -r -n 1 x; exit 3", 200_000, true)]
    public async Task Record_ServerDiesOnARequest_KeepsTheRequestAsUndelivered(string server, int length, bool isTerminated)
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);
        byte[] line = Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"big\",\"params\":\"{new string('x', length)}\"}}{(isTerminated ? "\n" : "")}");
        await using RecorderProcess recorder = RecorderProcess.Start(record.Record("bash", "-c", server));

        // The input stays open: a client does not know that its server is dead.
        bool isWhole = true;
        try
        {
            await recorder.Input.WriteAsync(line, TestContext.Current.CancellationToken);
            await recorder.Input.FlushAsync(TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // The recorder waits for the rest, but not for as long as a busy machine may take to write it.
            isWhole = false;
        }

        RecorderRun run = await recorder.WaitAsync();

        Assert.Equal(3, run.ExitCode);
        List<MessageEnvelope> frames = await record.GetFramesAsync();
        MessageEnvelope request = Assert.Single(frames, frame => frame.Direction == MessageDirection.ClientToServer);
        Assert.True(line.AsSpan().StartsWith(request.Payload.Span));
        Assert.Equal(isWhole && isTerminated ? MessageFlags.Undelivered : MessageFlags.Undelivered | MessageFlags.Truncated, request.Flags);
        if (isWhole)
        {
            Assert.Equal("big", request.Method);
            Assert.Equal(line.Length - (isTerminated ? 1 : 0), request.Payload.Length);
        }

        MessageEnvelope end = Assert.Single(frames, frame => frame.Direction == MessageDirection.Internal);
        Assert.Equal(("broken", "server"), (end.Metadata["exchange.end"], end.Metadata["exchange.ended-by"]));
    }

    [Theory]
    [InlineData("exec 0<&-; echo closed; sleep 2; exit 3")]
    [InlineData("exec 0<&-; echo closed; read -r -t 2 x <&1; exit 3")]
    public async Task Record_ServerThatDoesNotReadAnyMore_KeepsWhatItWasSentAsUndelivered(string server)
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);
        await using RecorderProcess recorder = RecorderProcess.Start(record.Record("bash", "-c", server));
        await Poll.UntilAsync(() => Task.FromResult(recorder.HasWritten), "the server has closed its end");

        await recorder.Input.WriteAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"small\"}\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await recorder.Input.FlushAsync(TestContext.Current.CancellationToken);
        await recorder.WaitAsync();

        MessageEnvelope request = Assert.Single(await record.GetFramesAsync(), frame => frame.Direction == MessageDirection.ClientToServer);
        Assert.Equal(("small", MessageFlags.Undelivered), (request.Method, request.Flags));
    }

    /// <summary>More than a pipe takes, to a server that takes nothing of it until it ends.</summary>
    [Fact]
    public async Task Record_ServerThatNeverReads_KeepsTheRequestAsUndelivered()
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);
        byte[] line = Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"never-taken\",\"params\":\"{new string('x', 1 << 20)}\"}}\n");
        await using RecorderProcess recorder = RecorderProcess.Start(record.Record("bash", "-c", "sleep 1; exit 3"));

        // The pipe between takes a part; the rest is taken when the server has ended.
        await recorder.Input.WriteAsync(line, TestContext.Current.CancellationToken);
        RecorderRun run = await recorder.WaitAsync();

        Assert.NotEqual(0, run.ExitCode);
        Assert.Equal("", run.Errors);
        List<MessageEnvelope> frames = await record.GetFramesAsync();
        MessageEnvelope request = Assert.Single(frames, frame => frame.Direction == MessageDirection.ClientToServer);
        Assert.Equal(("never-taken", MessageFlags.Undelivered, line.Length - 1), (request.Method, request.Flags, request.Payload.Length));
        MessageEnvelope end = Assert.Single(frames, frame => frame.Direction == MessageDirection.Internal);
        Assert.Equal("server", end.Metadata["exchange.ended-by"]);
        Assert.Equal(SessionState.Closed, (await record.GetSessionAsync()).State);
    }

    /// <summary>Stopped as soon as its server speaks, which is before it waits for anything.</summary>
    [Theory]
    [InlineData("exec sleep 60")]
    [InlineData("trap '' TERM; exec sleep 60")]
    public async Task Record_ToldToStopAtOnce_EndsItsServerAndKeepsWhatItRead(string server)
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);
        byte[] line = Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"never-taken\",\"params\":\"{new string('x', 1 << 20)}\"}}\n");
        await using RecorderProcess recorder = RecorderProcess.Start(record.Record("bash", "-c", $"echo ready; {server}"));
        await Poll.UntilAsync(() => Task.FromResult(recorder.HasWritten), "the server runs");
        Task sending = recorder.Input.WriteAsync(line, TestContext.Current.CancellationToken).AsTask();

        recorder.Terminate();
        RecorderRun run = await recorder.WaitAsync();
        Exception? broken = await Xunit.Record.ExceptionAsync(() => sending);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Equal("", run.Errors);
        Assert.True(broken is null or IOException, $"{broken}");
        Session session = await record.GetSessionAsync();
        Assert.Equal(SessionState.Closed, session.State);
        Assert.StartsWith("the recorder was stopped", session.CloseReason, StringComparison.Ordinal);
        Assert.Contains(await record.GetFramesAsync(), frame => frame is { Direction: MessageDirection.ServerToClient, Payload.Length: 5 });
    }

    /// <summary>What a pipe takes was written, whether or not the server reads it: the request is kept, and its end says that nobody answered.</summary>
    [Fact]
    public async Task Record_ServerThatNeverReadsALittle_KeepsTheRequestAndItsEnd()
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);
        await using RecorderProcess recorder = RecorderProcess.Start(record.Record("bash", "-c", "sleep 1; exit 3"));

        await recorder.Input.WriteAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"small\"}\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await recorder.Input.FlushAsync(TestContext.Current.CancellationToken);
        await recorder.WaitAsync();

        List<MessageEnvelope> frames = await record.GetFramesAsync();
        Assert.Equal(["small", "recording/cancelled"], frames.Select(frame => frame.Method));
        Assert.Equal(("broken", "server"), (frames[1].Metadata["exchange.end"], frames[1].Metadata["exchange.ended-by"]));
    }

    [Theory]
    [InlineData("2026-07-28", "cat >/dev/null", "cancelled", "client")]
    [InlineData("2025-11-25", "cat >/dev/null", "closed", "client")]
    [InlineData("2025-11-25", "read -r x; exit 3", "broken", "server")]
    public async Task Record_RequestThatIsNotAnswered_SaysAtTheEndWhoEndedIt(string version, string server, string how, string by)
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);
        await using RecorderProcess recorder = RecorderProcess.Start(record.Record("bash", "-c", server));

        await recorder.Input.WriteAsync(
            Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{{\"_meta\":{{\"io.modelcontextprotocol/protocolVersion\":\"{version}\"}}}}}}\n"),
            TestContext.Current.CancellationToken);
        await recorder.Input.FlushAsync(TestContext.Current.CancellationToken);
        await (by == "client" ? recorder.EndAsync() : recorder.WaitAsync());

        MessageEnvelope end = (await record.GetFramesAsync())[^1];
        Assert.Equal((MessageDirection.Internal, "recording/cancelled"), (end.Direction, end.Method));
        Assert.Equal((how, by), (end.Metadata["exchange.end"], end.Metadata["exchange.ended-by"]));
        Assert.Contains("\"7\"", Encoding.UTF8.GetString(end.Payload.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_ClientThatClosesItsEndAndWaits_GetsItsAnswersAndCancelsNothing()
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);

        RecorderRun run = await RecorderProcess.RunAsync(
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}\n"u8.ToArray(), record.Record("bash", "-c", "cat >/dev/null; echo '{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}'"));

        Assert.Contains("result", run.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(await record.GetFramesAsync(), frame => frame.Direction == MessageDirection.Internal);
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("QUIT")]
    public async Task Record_AnySignalThatEndsAProgram_EndsTheServerAndClosesTheSession(string signal)
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);
        await using RecorderProcess recorder = RecorderProcess.StartHeedingSignals(record.Record("cat"));
        await recorder.Input.WriteAsync("x\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await recorder.Input.FlushAsync(TestContext.Current.CancellationToken);
        await Poll.UntilAsync(() => Task.FromResult(recorder.HasWritten), "the server answers");

        recorder.Send(signal);
        RecorderRun run = await recorder.WaitAsync();

        Assert.Equal(128 + 15, run.ExitCode);
        Session session = await record.GetSessionAsync();
        Assert.Equal((SessionState.Closed, 2), (session.State, session.FrameCount));
        Assert.StartsWith("the recorder was stopped", session.CloseReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_MessagesOverTheLimit_AreToldOnceAndTheLimitIsAnOption()
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);
        byte[] line = Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"huge\",\"params\":\"{new string('x', 5 << 20)}\"}}\n");

        RecorderRun cut = await RecorderProcess.RunAsync((byte[])[.. line, .. line], record.Record("cat"));
        RecorderRun whole = await RecorderProcess.RunAsync(line, [record.Record()[0], "--max-message", "8388608", .. record.Record("cat")[1..]]);

        string warning = Assert.Single(cut.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"{line.Length - 1} bytes", warning, StringComparison.Ordinal);
        Assert.Equal("", whole.Errors);
        List<Session> sessions = await record.Store.ListSessionsAsync(new SessionFilter { Tags = [record.Tag] }, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        List<MessageEnvelope> frames = [];

        foreach (Session session in sessions)
        {
            frames.Add(await record.Store.GetFramesAsync(session.Id, cancellationToken: TestContext.Current.CancellationToken).FirstAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal([4 << 20, line.Length - 1], frames.Select(frame => frame.Payload.Length).Order());
    }

    [Fact]
    public async Task Record_ServerThatNeverReads_EndsWithItsClient()
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);

        // head leaves after one line; yes ends only by the pipe it writes into.
        RecorderRun run = await RecorderProcess.RunAsync(
            default, record.Record(["sh", "-c", "\"$@\" </dev/zero | head -n 1", "sh", .. RecorderProcess.Command, .. record.Record("yes")]));

        Assert.Equal("y\n", run.Text);

        // Two recorders stand behind each other: the inner one has what the server wrote, and what came when the client had left reached nobody.
        List<Session> sessions = await record.Store.ListSessionsAsync(new SessionFilter { Tags = [record.Tag] }, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        List<MessageEnvelope> frames = await record.Store.GetFramesAsync(sessions.MaxBy(session => session.FrameCount)!.Id, cancellationToken: TestContext.Current.CancellationToken)
            .Where(frame => frame.Direction == MessageDirection.ServerToClient).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(MessageFlags.None, frames[0].Flags);
        Assert.Equal(MessageFlags.Undelivered, frames[^1].Flags);
    }

    [Fact]
    public async Task Record_RedisUnreachable_PassesEverythingAndSaysSoOnce()
    {
        SkipWithoutUnix();
        int port = LoopbackPort.NextFree();

        RecorderRun run = await RecorderProcess.RunAsync("a\nb\n"u8.ToArray(), "record", "--redis", $"127.0.0.1:{port}", "--", "cat");

        Assert.Equal("a\nb\n", run.Text);
        Assert.Equal(0, run.ExitCode);
        string[] lines = run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains("Not recording", lines[0], StringComparison.Ordinal);
        Assert.Contains("4 messages", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_ArgumentsOfTheServer_ArePassedUntouched()
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);
        string[] arguments = ["--", "@x", "", " ", "--redis", "y", "--tag", "-h", "--version", "[diagram]", "a \"b", "-t=1"];

        RecorderRun run = await RecorderProcess.RunAsync(default, record.Record(["printf", "%s|", .. arguments]));

        Assert.Equal(string.Concat(arguments.Select(argument => argument + "|")), run.Text);
    }

    [Theory]
    [InlineData("no-such-command-anywhere")]
    [InlineData("")]
    public async Task Record_NoSuchCommand_SaysSo(string command)
    {
        RecorderRun run = await RecorderProcess.RunAsync(default, "record", "--redis", redis.Configuration, "--", command);

        Assert.Equal(127, run.ExitCode);
        Assert.StartsWith($"shadowcat: cannot start '{command}': ", run.Errors, StringComparison.Ordinal);
    }

    private static void SkipWithoutUnix() =>
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the programs of a Unix (cat, sh, kill) to stand behind the recorder");
}
