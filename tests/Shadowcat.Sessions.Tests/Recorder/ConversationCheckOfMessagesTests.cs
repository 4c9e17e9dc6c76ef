using Shadowcat.Sessions.Recorder.Analysis.Checking;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>What is found in single messages, in failures, in versions and headers, and in the recording itself.</summary>
public sealed class ConversationCheckOfMessagesTests
{
    private const string Ask = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"größe"}}""";

    [Theory]
    [InlineData("starting up", "it is no JSON (line 1, byte 0)")]
    [InlineData("[]", "it is a batch")]
    [InlineData("7", "it is no object")]
    [InlineData("""{"id":1,"result":{}}""", "it does not say")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"result":{}}""", "the id of the answer is neither text nor number")]
    [InlineData("""{"jsonrpc":"2.0","result":{}}""", "it is an answer without an id")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{},"error":{}}""", "it has a result and an error")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":"no"}""", "its error is no object")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", "it has neither a method nor a result nor an error")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":7}""", "its method is no text")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"a","result":{}}""", "it is a request and an answer at once")]
    public async Task InvalidMessage_SaysWhatIsWrongWithIt(string message, string problem)
    {
        Finding found = Assert.Single(await FindAsync(HandMade.WithHandshake().Server(message)));

        Assert.Equal((CheckRules.InvalidMessage, Severity.Error), (found.Rule, found.Severity));
        Assert.Contains(problem, found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_InTheRevisionThatHasThem_IsANote() =>
        Assert.Equal(Severity.Note, Assert.Single(await FindAsync(HandMade.WithHandshake("2025-03-26").Client("[]"))).Severity);

    [Fact]
    public async Task Message_ThatATerminalWouldExecute_IsShownSafely()
    {
        Finding found = Assert.Single(await FindAsync(HandMade.WithHandshake().Server("\e[2J\u202Eevil")));

        Assert.Contains("·[2J·evil", found.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', found.Message);
    }

    [Fact]
    public async Task Failures_AreFound()
    {
        HandMade made = HandMade.WithHandshake()
            .Client(Ask).Server("""{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"bad"}}""")
            .Client("""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"b"}}""").Server("""{"jsonrpc":"2.0","id":2,"result":{"content":[],"isError":true}}""");

        Assert.Equal(
            ["tools/call größe (#3) was answered with the error -32602: bad", "tools/call b (#5) says that it failed."], (await FindAsync(made)).Select(static finding => finding.Message));
    }

    [Theory]
    [InlineData("401", nameof(Severity.Note))]
    [InlineData("404", nameof(Severity.Warning))]
    [InlineData("503", nameof(Severity.Error))]
    public async Task HttpStatus_WithoutAMessage_IsFoundOnce(string status, string severity)
    {
        Finding found = Assert.Single(await FindAsync(HandMade.WithHandshake().Client(Ask, "x").End("answered", "server", "x", status)));

        Assert.Equal((CheckRules.HttpError, severity, 4L), (found.Rule, $"{found.Severity}", found.Sequence));
    }

    [Fact]
    public async Task HttpStatus_OfSuccessWithoutAMessage_LeavesTheRequestUnanswered()
    {
        HandMade made = HandMade.WithHandshake().Client(Ask, "x").End("answered", "server", "x", "202");

        Assert.Equal(CheckRules.RequestWithoutAnswer, Assert.Single(await FindAsync(made)).Rule);
        Assert.Empty(await FindAsync(made.Server("""{"jsonrpc":"2.0","id":1,"result":{}}""", "x")));
    }

    [Fact]
    public async Task Version_OfNobody_IsFoundAtTheFirstRequest()
    {
        Finding found = Assert.Single(await FindAsync(new HandMade().Client(Ask).Server("""{"jsonrpc":"2.0","id":1,"result":{}}""")));

        Assert.Equal((CheckRules.VersionNotNegotiated, 0L), (found.Rule, found.Sequence));
    }

    [Fact]
    public async Task Version_ThatTheServerChangesToAnUnknownOne_IsFoundTwice()
    {
        HandMade made = new HandMade()
            .Client("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}""")
            .Server("""{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"1999-01-01"}}""");

        Assert.Equal(["unknown-revision", "version-changed"], (await FindAsync(made)).Select(static finding => finding.Rule.Id).Order());
    }

    [Fact]
    public async Task Version_ThatIsRefused_IsFound()
    {
        const string Discover = """{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""";
        const string List = """{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""";
        HandMade made = new HandMade()
            .Client(Discover).Server("""{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"what?"}}""")
            .Client(List).Server("""{"jsonrpc":"2.0","id":2,"error":{"code":-32022,"message":"not that"}}""");

        Assert.Equal([(CheckRules.VersionRefused, Severity.Note), (CheckRules.VersionRefused, Severity.Warning)], (await FindAsync(made)).Select(static finding => (finding.Rule, finding.Severity)));
    }

    [Fact]
    public async Task Version_MissingWhereEachRequestNamesIt_IsFound()
    {
        HandMade made = new HandMade(SessionBoundary.Connection)
            .Client("""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""")
            .Server("""{"jsonrpc":"2.0","id":1,"result":{}}""")
            .Client("""{"jsonrpc":"2.0","id":2,"method":"tools/list"}""").Server("""{"jsonrpc":"2.0","id":2,"result":{}}""");

        Finding found = Assert.Single(await FindAsync(made));

        Assert.Equal((CheckRules.VersionMissing, 2L), (found.Rule, found.Sequence));
    }

    [Theory]
    [InlineData("http.header.mcp-protocol-version", "2025-06-18", "says 2025-06-18, and the message 2025-11-25")]
    [InlineData("http.header.mcp-method", "tools/list", "says tools/list, and the message tools/call")]
    [InlineData("http.header.mcp-name", "other", "says other, and the message größe")]
    [InlineData("http.header.mcp-name", "=?base64?Z3LDtsOfZQ==?=", null)]
    public async Task Header_AgainstTheMessage_IsFound(string key, string value, string? message)
    {
        IReadOnlyList<Finding> found = await FindAsync(HandMade.WithHandshake().Client(Ask, null, (key, value)).Server("""{"jsonrpc":"2.0","id":1,"result":{}}"""));

        Assert.Equal(message is null ? 0 : 1, found.Count);
        Assert.All(found, finding => Assert.Contains(message!, finding.Message, StringComparison.Ordinal));
        Assert.All(found, static finding => Assert.Equal(CheckRules.HeaderMismatch, finding.Rule));
    }

    [Fact]
    public async Task Message_BeforeTheHandshake_IsFoundAndAPingIsNot()
    {
        HandMade made = new HandMade()
            .Client("""{"jsonrpc":"2.0","id":8,"method":"ping"}""").Server("""{"jsonrpc":"2.0","id":8,"result":{}}""")
            .Client("""{"jsonrpc":"2.0","id":9,"method":"tools/list"}""").Server("""{"jsonrpc":"2.0","id":9,"result":{}}""")
            .Client("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}""")
            .Server("""{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25"}}""")
            .Client("""{"jsonrpc":"2.0","id":2,"method":"tools/list"}""").Server("""{"jsonrpc":"2.0","id":2,"result":{}}""");

        Assert.Equal([("message-before-initialize", 2), ("initialized-missing", 6)], (await FindAsync(made)).Select(static finding => (finding.Rule.Id, (int)finding.Sequence!)));
    }

    [Fact]
    public async Task Recording_WithGapsAndParts_SaysSo()
    {
        HandMade made = HandMade.WithHandshake()
            .Client("""{"jsonrpc":"2.0","method":"notifications/a"}""", null, ("recording.dropped", "3"))
            .Skip(1).Client("""{"jsonrpc":"2.0","method":"notifications/b","para""", null, ("recording.length", "900")).But(static frame => frame with { Flags = MessageFlags.Truncated })
            .Client("""{"jsonrpc":"2.0","method":"notifications/c"}""").But(static frame => frame with { Flags = MessageFlags.Undelivered });

        Assert.Equal(
            [
                "3 messages before this one were not recorded.",
                "The frames from #4 to #4 are missing.",
                "49 of 900 bytes of the message were recorded.",
                "What the client sent never reached the other side.",
            ],
            (await FindAsync(made)).Select(static finding => finding.Message));
    }

    private static async Task<IReadOnlyList<Finding>> FindAsync(HandMade made) =>
        (await ConversationCheck.RunAsync(made.Session, made.ReadAsync(), new CheckOptions(), TestContext.Current.CancellationToken)).Findings.Listed;
}
