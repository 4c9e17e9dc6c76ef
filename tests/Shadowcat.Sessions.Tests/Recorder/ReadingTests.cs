using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>What the recorder shows of the sessions in a store.</summary>
public sealed class ReadingTests(RedisFixture redis)
{
    [Fact]
    public async Task ListShowDelete_RecordedSession_ShowsItUntilItIsGone()
    {
        await using var record = new RecordedStore(redis.Configuration);
        Session session = await record.Store.CreateSessionAsync(
            new Session(SessionId.New(), TransportType.Stdio) { Tags = [record.Tag], ClientInfo = Peer.Create("a [red]client[/]\e[2J", "1") },
            TestContext.Current.CancellationToken);
        byte[] payload = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/[bold]\",\"params\":\"\e[2J\"}"u8.ToArray();
        await record.Store.AddFrameAsync(
            new MessageEnvelope(session.Id, MessageDirection.ServerToClient, TransportType.Stdio, payload, DateTimeOffset.UtcNow),
            TestContext.Current.CancellationToken);

        RecorderRun list = await RunAsync("list", "--tag", record.Tag);
        RecorderRun show = await RunAsync("show", session.Id.Value);
        RecorderRun raw = await RunAsync("show", session.Id.Value, "--raw");
        RecorderRun delete = await RunAsync("delete", session.Id.Value);
        RecorderRun deleteAgain = await RunAsync("delete", session.Id.Value);
        RecorderRun showGone = await RunAsync("show", session.Id.Value);

        Assert.Contains(session.Id.Value, list.Text, StringComparison.Ordinal);
        Assert.Contains("notifications/[bold]", show.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', list.Text + show.Text);
        Assert.Equal([.. payload, (byte)'\n'], raw.Output);
        Assert.Equal(0, delete.ExitCode);
        Assert.Equal((1, 1), (deleteAgain.ExitCode, showGone.ExitCode));
        Assert.Contains("there is no session", showGone.Errors, StringComparison.Ordinal);
    }

    /// <summary>Names that come from no message that was parsed, as an archive may hold them, and all else that somebody chose.</summary>
    [Theory]
    [InlineData("\e[2J")]
    [InlineData("\u009b1m")]
    [InlineData("\u202Eevil\u202C")]
    [InlineData("\u2066evil\u2069")]
    [InlineData("\u200F")]
    [InlineData("\u2028")]
    public async Task ListShowFollow_HostileNames_DoNothingToATerminal(string hostile)
    {
        await using var record = new RecordedStore(redis.Configuration);

        // No method is stored with control characters.
        string inMethod = hostile.Any(char.IsControl) ? "\u202E" : hostile;
        Session session = await record.Store.CreateSessionAsync(
            new Session(SessionId.New(), TransportType.StreamableHttp)
            {
                Tags = [record.Tag],
                ClientInfo = Peer.Create($"client{hostile}", $"1{hostile}"),
                ServerInfo = Peer.Create($"server{hostile}", $"1{hostile}"),
                State = SessionState.Closed,
                Status = SessionStatus.Completed,
            },
            TestContext.Current.CancellationToken);
        await record.Store.AddFramesAsync(
            session.Id,
            [
                Frame() with { Kind = MessageKind.Unparsed, Method = $"unparsed{inMethod}" },
                Frame() with { Kind = MessageKind.Unparsed, Method = $"cut{inMethod}", Flags = MessageFlags.Truncated, RequestId = RequestId.FromString($"id{hostile}") },
                Frame() with { Metadata = FrameMetadata.Create([new("recording.withheld", $"withheld{hostile}"), new("http.status", $"status{hostile}")]) },
                Frame() with { Metadata = FrameMetadata.Create([new("exchange.end", $"end{hostile}"), new("exchange.ended-by", $"by{hostile}"), new("http.header.location", $"to{hostile}")]) },
            ],
            TestContext.Current.CancellationToken);

        RecorderRun list = await RunAsync("list", "--tag", record.Tag);
        RecorderRun show = await RunAsync("show", session.Id.Value);
        RecorderRun followed = await RunAsync("follow", session.Id.Value);

        Assert.All([list, show, followed], run => Assert.Equal(0, run.ExitCode));
        string text = list.Text + show.Text + followed.Text;
        Assert.All(
            ["client", "server", "unparsed", "cut", "id", "withheld", "status", "end", "by", "to", "payload"],
            name => Assert.Contains($"{name}·", text, StringComparison.Ordinal));
        Assert.DoesNotContain(hostile[0], text);
        Assert.DoesNotContain(text, character => char.IsControl(character) && character != '\n');

        MessageEnvelope Frame() => new(
            session.Id, MessageDirection.ServerToClient, TransportType.StreamableHttp, System.Text.Encoding.UTF8.GetBytes($"payload{hostile}"), DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task List_SeveralSessions_ShowsTheNewestFirstAndNoMoreThanItIsTold()
    {
        await using var record = new RecordedStore(redis.Configuration);
        var ids = new List<string>();
        for (int i = 0; i < 3; i++)
        {
            Session session = await record.Store.CreateSessionAsync(
                new Session(SessionId.New(), TransportType.Stdio) { Tags = [record.Tag], CreatedAt = new DateTimeOffset(2026, 1, 1 + i, 0, 0, 0, TimeSpan.Zero) }, TestContext.Current.CancellationToken);
            ids.Add(session.Id.Value);
        }

        RecorderRun all = await RunAsync("list", "--tag", record.Tag);
        RecorderRun newest = await RunAsync("list", "--tag", record.Tag, "--limit", "2");

        Assert.Equal(Enumerable.Reverse(ids), ids.OrderBy(id => all.Text.IndexOf(id, StringComparison.Ordinal)));
        Assert.All(ids, id => Assert.Contains(id, all.Text, StringComparison.Ordinal));
        Assert.DoesNotContain(ids[0], newest.Text, StringComparison.Ordinal);
        Assert.Contains(ids[1], newest.Text, StringComparison.Ordinal);
        Assert.Contains(ids[2], newest.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_EndOfAnExchange_SaysWhoEndedItAndHow()
    {
        await using var record = new RecordedStore(redis.Configuration);
        Session session = await record.Store.CreateSessionAsync(
            new Session(SessionId.New(), TransportType.StreamableHttp) { Tags = [record.Tag] }, TestContext.Current.CancellationToken);
        await AddAsync(MessageDirection.ServerToClient, ("exchange.end", "answered"), ("exchange.ended-by", "server"), ("http.method", "POST"), ("http.status", "401"), ("http.header.www-authenticate", "Bearer\e[2J"));
        await AddAsync(MessageDirection.Internal, ("exchange.end", "cancelled"), ("exchange.ended-by", "client"), ("http.method", "POST"));

        RecorderRun show = await RunAsync("show", session.Id.Value);

        Assert.Contains("End 401", show.Text, StringComparison.Ordinal);
        Assert.Contains("(HTTP 401, www-authenticate: Bearer·[2J)", show.Text, StringComparison.Ordinal);
        Assert.Contains("(cancelled by the client)", show.Text, StringComparison.Ordinal);

        async Task AddAsync(MessageDirection direction, params (string Key, string Value)[] metadata) => await record.Store.AddFrameAsync(
            new MessageEnvelope(session.Id, direction, TransportType.StreamableHttp, default, DateTimeOffset.UtcNow)
            {
                Metadata = FrameMetadata.Create(metadata.Select(entry => KeyValuePair.Create(entry.Key, entry.Value))),
            },
            TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task ListShow_NarrowTerminal_BreaksNoCell(int columns)
    {
        await using var record = new RecordedStore(redis.Configuration);
        Session session = await record.Store.CreateSessionAsync(
            new Session(SessionId.New(), TransportType.Stdio)
            {
                Tags = [record.Tag],
                ServerInfo = Peer.Create("a server with quite a long name", "1.2.3"),
                VersionState = new VersionState { Negotiated = "2025-11-25" },
                State = SessionState.Closed,
                Status = SessionStatus.Completed,
            },
            TestContext.Current.CancellationToken);
        await AddFrameAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/templates/list\",\"params\":{}}");
        await AddFrameAsync("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/list_changed\"}");

        string list = await RunInAsync("list", "--tag", record.Tag);
        string show = await RunInAsync("show", session.Id.Value);

        Assert.All((list + show).Split('\n'), line => Assert.True(line.TrimEnd().Length <= columns, line));
        Assert.Contains($"│ {session.Id.Value} │", list, StringComparison.Ordinal);
        Assert.Contains(" Completed ", list, StringComparison.Ordinal);
        string[] rows = show.Split('\n').Where(line => line.StartsWith('│')).ToArray();
        Assert.Equal(3, rows.Length);
        Assert.Contains("client │ Request", rows[1], StringComparison.Ordinal);
        Assert.Contains("resources/temp", rows[1], StringComparison.Ordinal);

        async Task AddFrameAsync(string payload) => await record.Store.AddFrameAsync(
            new MessageEnvelope(session.Id, MessageDirection.ClientToServer, TransportType.Stdio, System.Text.Encoding.UTF8.GetBytes(payload), DateTimeOffset.UtcNow),
            TestContext.Current.CancellationToken);

        async Task<string> RunInAsync(params string[] arguments) =>
            (await HostedRecorder.RunWithAsync("COLUMNS", $"{columns}", [.. arguments, "--redis", redis.Configuration])).Text;
    }

    [Fact]
    public async Task Show_WithheldCutAndMissing_SaysSo()
    {
        await using var record = new RecordedStore(redis.Configuration);
        Session session = await record.Store.CreateSessionAsync(
            new Session(SessionId.New(), TransportType.Stdio) { Tags = [record.Tag] }, TestContext.Current.CancellationToken);
        await record.Store.AddFrameAsync(
            new MessageEnvelope(session.Id, MessageDirection.ClientToServer, TransportType.Stdio, "[redacted]"u8.ToArray(), DateTimeOffset.UtcNow)
            {
                Metadata = FrameMetadata.Create([new("recording.withheld", "timed_out"), new("recording.length", "12345"), new("recording.dropped", "3")]),
                Flags = MessageFlags.Redacted,
            },
            TestContext.Current.CancellationToken);

        RecorderRun show = await RunAsync("show", session.Id.Value);
        RecorderRun last = await RunAsync("show", session.Id.Value, "--last", "1");

        Assert.All([show, last], run => Assert.Contains("(withheld: timed_out, of 12345 bytes, 3 missing before it) [redacted]", run.Text, StringComparison.Ordinal));
        Assert.Contains("Unparsed, Withheld", show.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show", "x", "--last", "y")]
    [InlineData("follow", "x", "--last", "-1")]
    [InlineData("record", "--ttl", "y", "--", "cat")]
    [InlineData("show", "a b")]
    public async Task AnyCommand_ArgumentThatIsNone_SaysSoInASentence(params string[] arguments)
    {
        RecorderRun run = await HostedRecorder.RunAsync([arguments[0], "--redis", redis.Configuration, .. arguments[1..]]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", run.Errors, StringComparison.Ordinal);
        Assert.EndsWith(".", run.Errors.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("count")]
    [InlineData("show", "x")]
    [InlineData("show", "x", "--raw")]
    [InlineData("follow", "x")]
    [InlineData("replay", "x")]
    [InlineData("replay", "x", "--", "cat")]
    [InlineData("export", "x")]
    [InlineData("export", "x", "FILE")]
    [InlineData("import", "-")]
    [InlineData("delete", "x")]
    public async Task AnyCommand_RedisUnreachable_SaysSoInASentenceAndFails(params string[] arguments)
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        string endPoint = $"127.0.0.1:{LoopbackPort.NextFree()}";
        var origin = new InMemorySessionStore();
        byte[] archive = await Archived.ExportAsync(origin, (await Archived.RecordedAsync(origin, frames: 3)).Id);

        RecorderRun run = await HostedRecorder.RunAsync(
            archive, [arguments[0], "--redis", endPoint, .. arguments[1..].Select(argument => argument == "FILE" ? file : argument)]);

        Assert.Equal((1, ""), (run.ExitCode, run.Text));
        string line = Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("shadowcat: ", line, StringComparison.Ordinal);
        Assert.Contains(endPoint, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", line, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Theory]
    [InlineData("not a server")]
    [InlineData("redis://user:hidden@")]
    [InlineData("localhost:6379,nonsense=hidden")]
    public async Task AnyCommand_ServerThatIsNone_SaysSoInASentenceAndFails(string redisText)
    {
        RecorderRun run = await HostedRecorder.RunAsync("list", "--redis", redisText);

        Assert.Equal((1, ""), (run.ExitCode, run.Text));
        Assert.StartsWith("shadowcat: ", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Count_Sessions_IsANumber()
    {
        RecorderRun count = await RunAsync("count");

        Assert.True(long.TryParse(count.Text, out _), count.Text);
    }

    private Task<RecorderRun> RunAsync(params string[] arguments) =>
        HostedRecorder.RunAsync([.. arguments, "--redis", redis.Configuration]);
}
