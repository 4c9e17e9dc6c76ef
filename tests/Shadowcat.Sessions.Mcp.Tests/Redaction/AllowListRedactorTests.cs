using System.Text;

namespace Shadowcat.Sessions.Mcp.Tests.Redaction;

/// <summary>What is kept where only what is named is.</summary>
public sealed class AllowListRedactorTests
{
    [Fact]
    public void Redact_Paths_KeepsWhatTheyLeadToAndTheHeader()
    {
        const string Message =
            """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"find","arguments":{"query":"cats","ssn":"1","deep":{"a":[1]}},"flag":true,"none":null},"other":[1,{"x":"y"}]}""";

        var redacted = Redact(new AllowListRedactor("$.params.name", "$.params.arguments.query"), Message);

        Assert.Equal(
            """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"find","arguments":{"query":"cats","ssn":"[redacted]","deep":"[redacted]"},"flag":true,"none":null},"other":"[redacted]"}""",
            Text(redacted));
        Assert.Equal(MessageFlags.Redacted, redacted.Flags);
    }

    [Theory]
    [InlineData("$.result.content[*].type", """{"id":1,"result":{"content":[{"type":"text","text":"[redacted]"}]}}""")]
    [InlineData("$.result", """{"id":1,"result":{"content":[{"type":"text","text":"secret"}]}}""")]
    [InlineData("$..type", """{"id":1,"result":{"content":[{"type":"text","text":"[redacted]"}]}}""")]
    public void Redact_Answer_KeepsWhatThePathLeadsTo(string path, string expected)
    {
        Assert.Equal(expected, Text(Redact(new AllowListRedactor(path), """{"id":1,"result":{"content":[{"type":"text","text":"secret"}]}}""")));
    }

    [Fact]
    public void Redact_Batch_BeginsThePathsAtEachMessage()
    {
        const string Batch = """[{"id":1,"method":"a","params":{"id":"x","y":2}},{"id":2,"result":{"method":"x"}}]""";

        Assert.Equal(
            """[{"id":1,"method":"a","params":{"id":"[redacted]","y":2}},{"id":2,"result":"[redacted]"}]""", Text(Redact(new AllowListRedactor("$.params.y"), Batch)));
    }

    [Theory]
    [InlineData("no json", "[redacted]")]
    [InlineData("\"text\"", "\"[redacted]\"")]
    [InlineData("""{"id":1}{"id":2}""", "[redacted]")]
    [InlineData("""{"id":1""", "[redacted]")]
    public void Redact_NoObject_ReplacesAll(string message, string expected)
    {
        Assert.Equal(expected, Text(Redact(new AllowListRedactor("$.x"), message)));
    }

    [Fact]
    public void Redact_NothingElse_ReturnsTheSameFrame()
    {
        var frame = Frame("""{"jsonrpc":"2.0","method":"ping","id":"a"}""");

        Assert.Same(frame, new AllowListRedactor().Redact(frame));
    }

    [Fact]
    public void Redact_Metadata_KeepsTheNamedKeys()
    {
        var frame = Frame("{}") with { Metadata = FrameMetadata.Create([new("Accept", "*/*"), new("X-Other", "o")]) };

        var redacted = new AllowListRedactor { MetadataKeys = ["accept"] }.Redact(frame);

        Assert.Equal(("*/*", "[redacted]"), (redacted.Metadata["Accept"], redacted.Metadata["X-Other"]));
    }

    [Fact]
    public void Constructor_NoPath_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new AllowListRedactor("x"));
        Assert.Throws<ArgumentNullException>(() => new AllowListRedactor { MetadataKeys = null! });
    }

    private static MessageEnvelope Redact(AllowListRedactor redactor, string message) => redactor.Redact(Frame(message));

    private static MessageEnvelope Frame(string message) =>
        new(SessionId.New(), MessageDirection.ClientToServer, TransportType.StreamableHttp, Encoding.UTF8.GetBytes(message), DateTimeOffset.UnixEpoch);

    private static string Text(MessageEnvelope frame) => Encoding.UTF8.GetString(frame.Payload.Span);
}
