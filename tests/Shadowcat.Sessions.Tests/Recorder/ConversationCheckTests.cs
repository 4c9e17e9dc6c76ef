using Shadowcat.Sessions.Recorder.Analysis.Checking;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>What is found in the requests and answers of a conversation, and that nothing is found in a good one.</summary>
public sealed class ConversationCheckTests
{
    private const string Ask = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}""";
    private const string Answer = """{"jsonrpc":"2.0","id":1,"result":{}}""";

    [Fact]
    public async Task Handshake_GoodConversation_FindsNothing()
    {
        HandMade made = HandMade.WithHandshake()
            .Client(Ask).Server("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1}}""").Server(Answer)
            .Server("""{"jsonrpc":"2.0","id":1,"method":"roots/list"}""").Client(Answer)
            .Client("""{"jsonrpc":"2.0","id":2,"method":"ping"}""").Server("""{"jsonrpc":"2.0","id":2,"result":{}}""");

        Assert.Empty(await FindAsync(made));
    }

    [Fact]
    public async Task NoHandshake_IdUsedAgainOnceItIsAnswered_FindsNothing()
    {
        const string Modern = """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""";

        Assert.Empty(await FindAsync(new HandMade(SessionBoundary.Connection).Client(Modern).Server(Answer).Client(Modern).Server(Answer)));
    }

    [Fact]
    public async Task Answer_ToNoRequest_IsFound()
    {
        Finding found = Assert.Single(await FindAsync(HandMade.WithHandshake().Server(Answer)));

        Assert.Equal((CheckRules.AnswerWithoutRequest, Severity.Error, 3L), (found.Rule, found.Severity, found.Sequence));
    }

    [Fact]
    public async Task Answer_BehindAGap_IsANote()
    {
        IReadOnlyList<Finding> found = await FindAsync(HandMade.WithHandshake().Skip(2).Server(Answer));

        Assert.Equal(["recording-gap", "answer-without-request"], found.Select(finding => finding.Rule.Id));
        Assert.Equal(Severity.Note, found[1].Severity);
    }

    [Fact]
    public async Task Answer_Twice_IsFound() =>
        Assert.Equal([("second-answer", 5)], await PlacesAsync(HandMade.WithHandshake().Client(Ask).Server(Answer).Server(Answer)));

    [Fact]
    public async Task RequestId_UsedAgain_IsFound()
    {
        Assert.Equal([("reused-request-id", 5)], await PlacesAsync(HandMade.WithHandshake().Client(Ask).Server(Answer).Client(Ask).Server(Answer)));
        Assert.Equal([("reused-request-id", 4)], await PlacesAsync(HandMade.WithHandshake().Client(Ask).Client(Ask).Server(Answer).Server(Answer)));
    }

    [Fact]
    public async Task RequestId_OfSeveralConnectionsInOneSession_MayBeTheSame()
    {
        const string Modern = """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""";

        Assert.Empty(await FindAsync(new HandMade(SessionBoundary.Correlated).Client(Modern, "a").Client(Modern, "b").Server(Answer, "a").Server(Answer, "b")));
    }

    [Theory]
    [InlineData("broken", nameof(Severity.Error))]
    [InlineData("unanswered", nameof(Severity.Error))]
    [InlineData("unreachable", nameof(Severity.Error))]
    [InlineData("closed", nameof(Severity.Warning))]
    [InlineData("stopped", nameof(Severity.Note))]
    [InlineData("cancelled", null)]
    public async Task Request_WhoseExchangeEnds_IsAsBadAsItsEnd(string how, string? severity)
    {
        IReadOnlyList<Finding> found = await FindAsync(HandMade.WithHandshake().Client(Ask, "x").End(how, "server", "x"));

        Assert.Equal(severity is null ? [] : [severity], found.Select(static finding => $"{finding.Severity}"));
        Assert.All(found, finding => Assert.Equal((CheckRules.RequestWithoutAnswer, 3L), (finding.Rule, finding.Sequence)));
    }

    [Fact]
    public async Task Request_GivenUpByARecorderOfLines_IsFoundByItsId()
    {
        HandMade made = HandMade.WithHandshake().Client(Ask).End("broken", "server").But(static frame => frame with { Payload = """{"jsonrpc":"2.0","method":"recording/cancelled","params":{"id":"1"}}"""u8.ToArray() });

        Finding found = Assert.Single(await FindAsync(made), finding => finding.Rule == CheckRules.RequestWithoutAnswer);

        Assert.Contains("broke (by the server)", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_NeverAnswered_IsWorseWhereTheRecordingIsOver()
    {
        Assert.Equal(Severity.Error, Assert.Single(await FindAsync(HandMade.WithHandshake().Client(Ask))).Severity);
        Assert.Equal(Severity.Warning, Assert.Single(await FindAsync(HandMade.WithHandshake(isClosed: false).Client(Ask))).Severity);
    }

    [Fact]
    public async Task Subscription_ThatStaysOpen_IsNoFault() =>
        Assert.Empty(await FindAsync(HandMade.WithHandshake().Client("""{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""")));

    [Fact]
    public async Task Cancelled_AnsweredOrNot_OnlyTheAnswerIsFound()
    {
        const string Cancel = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""";

        Assert.Empty(await FindAsync(HandMade.WithHandshake().Client(Ask).Client(Cancel)));
        Assert.Equal([("answer-after-cancel", 5)], await PlacesAsync(HandMade.WithHandshake().Client(Ask).Client(Cancel).Server(Answer)));
    }

    [Fact]
    public async Task Answer_ThatTakesLong_IsFoundWhereNobodyIsWaitedFor()
    {
        HandMade made = HandMade.WithHandshake()
            .Client(Ask).After(TimeSpan.FromSeconds(11)).Server(Answer)
            .Server("""{"jsonrpc":"2.0","id":2,"method":"elicitation/create"}""").After(TimeSpan.FromMinutes(5)).Client("""{"jsonrpc":"2.0","id":2,"result":{}}""");

        Finding found = Assert.Single(await FindAsync(made));

        Assert.Equal((CheckRules.SlowAnswer, 4L), (found.Rule, found.Sequence));
        Assert.Contains("tools/call echo (#3) was answered after 11.0 s", found.Message, StringComparison.Ordinal);
        Assert.Empty(await FindAsync(made, new CheckOptions { Slow = TimeSpan.FromSeconds(20) }));
    }

    [Fact]
    public async Task Notification_ThatIsAnswered_IsFound()
    {
        const string Notify = """{"jsonrpc":"2.0","method":"notifications/foo"}""";

        Assert.Equal(
            ["answered-notification", "error-answer"],
            (await PlacesAsync(HandMade.WithHandshake().Client(Notify).Server("""{"jsonrpc":"2.0","error":{"code":-32601,"message":"no"}}"""))).Select(static place => place.Rule));
        Assert.Equal([("answered-notification", 4)], await PlacesAsync(HandMade.WithHandshake().Client(Notify, "x").Server("""{"jsonrpc":"2.0","id":0,"result":{}}""", "x")));
    }

    [Fact]
    public async Task SameFault_InManyFrames_IsCountedAndListedInPart()
    {
        HandMade made = HandMade.WithHandshake();
        for (int i = 0; i < Findings.MaxPerRule + 5; i++)
        {
            made.Server("no message");
        }

        CheckReport report = await ConversationCheck.RunAsync(made.Session, made.ReadAsync(), new CheckOptions(), TestContext.Current.CancellationToken);

        Assert.Equal(Findings.MaxPerRule, report.Findings.Listed.Count);
        Assert.Equal(Findings.MaxPerRule + 5, report.Findings.Count(Severity.Error));
        Assert.Equal(5, report.Findings.Omitted[CheckRules.InvalidMessage]);
    }

    [Fact]
    public async Task Rule_ThatIsIgnored_CountsForNothing()
    {
        HandMade made = HandMade.WithHandshake().Server(Answer);

        CheckReport report = await ConversationCheck.RunAsync(
            made.Session, made.ReadAsync(), new CheckOptions { Ignored = new HashSet<string> { "answer-without-request" } }, TestContext.Current.CancellationToken);

        Assert.False(report.Has(Severity.Note));
    }

    private static async Task<IReadOnlyList<(string Rule, int Sequence)>> PlacesAsync(HandMade made) =>
        [.. (await FindAsync(made)).Select(static finding => (finding.Rule.Id, (int)finding.Sequence!))];

    private static async Task<IReadOnlyList<Finding>> FindAsync(HandMade made, CheckOptions? options = null) =>
        (await ConversationCheck.RunAsync(made.Session, made.ReadAsync(), options ?? new CheckOptions(), TestContext.Current.CancellationToken)).Findings.Listed;
}
