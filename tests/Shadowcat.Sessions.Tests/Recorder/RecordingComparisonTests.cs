using Shadowcat.Sessions.Recorder.Analysis.Comparing;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>What counts as a difference of two recordings.</summary>
public sealed class RecordingComparisonTests
{
    [Fact]
    public async Task Recordings_ThatDifferInIdsTimesTokensAndOrder_AreTheSame()
    {
        HandMade first = HandMade.WithHandshake()
            .Client(Call(1, "echo", "a", token: "x")).Server("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"x","progress":1}}""").Server(Answer(1, "a"))
            .Client(Call(2, "echo", "b")).Server(Answer(2, "b"));
        HandMade second = HandMade.WithHandshake()
            .Client(Call(20, "echo", "b")).Client(Call(10, "echo", "a", token: "y")).After(TimeSpan.FromSeconds(9)).Server(Answer(20, "b"))
            .Server("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1.0,"progressToken":"y"}}""").Server(Answer(10, "a")).End("stopped", "recorder");

        DifferenceReport report = await CompareAsync(first, second);

        Assert.Empty(report.Differences);
        Assert.Equal((5, 0), (report.Same, report.Differing));
    }

    [Fact]
    public async Task Argument_ThatIsAnother_IsADifferenceAtItsPath()
    {
        RecordingDifference found = Assert.Single((await CompareAsync(HandMade.WithHandshake().Client(Call(1, "echo", "a")), HandMade.WithHandshake().Client(Call(1, "echo", "b")))).Differences);

        Assert.Equal(
            new RecordingDifference(DifferenceKind.Message, "tools/call echo")
            {
                From = MessageDirection.ClientToServer,
                FirstSequence = 3,
                SecondSequence = 3,
                Path = "params.arguments.text",
                First = "\"a\"",
                Second = "\"b\"",
            },
            found);
    }

    [Fact]
    public async Task Answer_ThatIsAnotherOrNone_IsADifference()
    {
        DifferenceReport report = await CompareAsync(
            HandMade.WithHandshake().Client(Call(1, "echo", "a")).Server(Answer(1, "a")).Client(Call(2, "x", "b")).Server(Answer(2, "b")),
            HandMade.WithHandshake().Client(Call(1, "echo", "a")).Server(Answer(1, "A")).Client(Call(2, "x", "b")));

        Assert.Equal(
            [(DifferenceKind.Answer, "result.content[0].text", "\"a\"", "\"A\""), (DifferenceKind.Answer, null, "a result", "no answer")],
            report.Differences.Select(static difference => (difference.Kind, difference.Path, difference.First, difference.Second)));
        Assert.Equal((2, 2), (report.Same, report.Differing));
    }

    [Fact]
    public async Task HttpStatus_ThatIsAnother_IsADifference()
    {
        DifferenceReport report = await CompareAsync(
            HandMade.WithHandshake().Client(Call(1, "echo", "a"), "x").End("answered", "server", "x", "500"),
            HandMade.WithHandshake().Client(Call(1, "echo", "a"), "y").End("answered", "server", "y", "401"));

        RecordingDifference found = Assert.Single(report.Differences);
        Assert.Equal((DifferenceKind.Answer, "no answer, HTTP 500", "no answer, HTTP 401"), (found.Kind, found.First, found.Second));
    }

    [Fact]
    public async Task Message_OfOneOnly_IsADifference()
    {
        DifferenceReport report = await CompareAsync(
            HandMade.WithHandshake().Client(Call(1, "old", "a")).Server("not JSON"), HandMade.WithHandshake().Client(Call(1, "new", "a")).Server("not JSON"));

        Assert.Equal(
            [(DifferenceKind.OnlyInFirst, "tools/call old"), (DifferenceKind.OnlyInSecond, "tools/call new")], report.Differences.Select(static difference => (difference.Kind, difference.Title)));
    }

    [Fact]
    public async Task List_WithOneElementMore_IsOneDifference()
    {
        DifferenceReport report = await CompareAsync(Tools("""{"name":"a"},{"name":"b"},{"name":"c"}"""), Tools("""{"name":"a"},{"name":"new"},{"name":"b"},{"name":"c"}"""));

        RecordingDifference found = Assert.Single(report.Differences);
        Assert.Equal(("result.tools[1]", null, """{"name":"new"}"""), (found.Path, found.First, found.Second));

        static HandMade Tools(string tools) =>
            HandMade.WithHandshake().Client("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""").Server($$$"""{"jsonrpc":"2.0","id":1,"result":{"tools":[{{{tools}}}]}}""");
    }

    [Fact]
    public async Task Path_ThatIsIgnored_MayDiffer()
    {
        HandMade first = HandMade.WithHandshake().Client(Call(1, "echo", "a")).Server(Answer(1, "a"));
        HandMade second = HandMade.WithHandshake().Client(Call(1, "echo", "b")).Server(Answer(1, "b"));

        Assert.Empty((await CompareAsync(first, second, "result.content[*].text", "$.params.arguments")).Differences);
        Assert.Equal("params.arguments.text", Assert.Single((await CompareAsync(first, second, "result.content[0]")).Differences).Path);
    }

    [Theory]
    [InlineData("a..b")]
    [InlineData("")]
    [InlineData("a[x]")]
    [InlineData("a[1")]
    public void Path_ThatIsNone_IsRefused(string path) => Assert.Contains($"'{path}'", Assert.Throws<FormatException>(() => IgnoredPaths.Create([path])).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Part_ThatWasRedacted_DiffersFromNothing()
    {
        HandMade redacted = HandMade.WithHandshake().Client(Call(1, "echo", "[redacted]")).But(static frame => frame with { Flags = MessageFlags.Redacted });

        Assert.Empty((await CompareAsync(redacted, HandMade.WithHandshake().Client(Call(1, "echo", "secret")))).Differences);
        Assert.Single((await CompareAsync(HandMade.WithHandshake().Client(Call(1, "echo", "[redacted]")), HandMade.WithHandshake().Client(Call(1, "echo", "secret")))).Differences);
    }

    [Fact]
    public async Task Message_ThatWasCutOff_CannotBeCompared()
    {
        HandMade cut = HandMade.WithHandshake().Client(Call(1, "echo", "a")).But(static frame => frame with { Payload = frame.Payload[..^9], Flags = MessageFlags.Truncated });

        Assert.Equal(DifferenceKind.NotComparable, Assert.Single((await CompareAsync(cut, HandMade.WithHandshake().Client(Call(1, "echo", "a")))).Differences).Kind);
        Assert.Empty((await CompareAsync(cut, cut)).Differences);
    }

    [Fact]
    public async Task Sessions_OfOtherPeers_Differ()
    {
        HandMade made = HandMade.WithHandshake();
        RecordedSide first = await SideAsync(made);
        RecordedSide second = first with { Session = first.Session with { ServerInfo = Peer.Create("server", "2"), VersionState = new VersionState { Negotiated = "2025-06-18" } } };

        DifferenceReport report = await RecordingComparison.RunAsync(first, second, IgnoredPaths.Create([]), TestContext.Current.CancellationToken);

        Assert.Equal([("server", "server 1", "server 2"), ("version", null, "2025-06-18")], report.Differences.Select(static difference => (difference.Title, difference.First, difference.Second)));
    }

    private static async Task<DifferenceReport> CompareAsync(HandMade first, HandMade second, params string[] ignored) =>
        await RecordingComparison.RunAsync(await SideAsync(first), await SideAsync(second), IgnoredPaths.Create(ignored), TestContext.Current.CancellationToken);

    private static async Task<RecordedSide> SideAsync(HandMade made)
    {
        var store = new InMemorySessionStore();
        return new RecordedSide("made", store, await made.SaveAsync(store));
    }

    private static string Call(int id, string tool, string text, string token = "t") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{"text":"{{{text}}}"},"_meta":{"progressToken":"{{{token}}}"} } }""";

    private static string Answer(int id, string text) => $$$"""{"result":{"content":[{"type":"text","text":"{{{text}}}"}]},"id":{{{id}}},"jsonrpc":"2.0"}""";
}
