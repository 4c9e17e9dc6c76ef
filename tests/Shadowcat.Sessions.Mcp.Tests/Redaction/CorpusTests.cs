using System.Text;

namespace Shadowcat.Sessions.Mcp.Tests.Redaction;

/// <summary>How much the ready redactor finds, and how much it damages.</summary>
public sealed class CorpusTests
{
    private readonly CredentialRedactor _redactor = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Redact_Credentials_AreFound(bool heldBack)
    {
        var payloads = Part(Corpus.Credentials, heldBack);
        var missed = payloads.Where(payload => !Corpus.IsFound(payload, Text)).ToList();

        Report(missed, payloads.Count, "missed", heldBack);
        Assert.True(Corpus.Credentials.Count >= 200);
        Assert.True(missed.Count <= 0.02 * payloads.Count, $"{missed.Count} of {payloads.Count} missed.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Redact_Harmless_StaysAsItIs(bool heldBack)
    {
        var payloads = Part(Corpus.Harmless, heldBack);
        var damaged = payloads.Where(IsDamaged).ToList();

        Report(damaged, payloads.Count, "damaged", heldBack);
        Assert.True(Corpus.Harmless.Count >= 200);
        Assert.True(damaged.Count <= 0.01 * payloads.Count, $"{damaged.Count} of {payloads.Count} damaged.");
    }

    [Theory]
    [InlineData("in-text.jsonl")]
    [InlineData("lines.jsonl")]
    public void Redact_CaseFromTheField_HoldsNoSecret(string file)
    {
        // The id of a task names it to both peers, and what belongs together is found by it: the table in docs/design/redaction.md says that it stays.
        var left = Corpus.Case(file).Select(Text).Where(line => line.Contains("S3CR3T", StringComparison.Ordinal) && line != """{"taskId":"S3CR3T"}""");

        Assert.Empty(left);
    }

    [Fact]
    public void IsFound_NothingReplaced_IsFalse()
    {
        Assert.All(Corpus.Credentials, payload => Assert.False(Corpus.IsFound(payload, text => text)));
    }

    private static List<string> Part(IReadOnlyList<string> payloads, bool heldBack) => [.. payloads.Where((_, index) => Corpus.IsHeldBack(index) == heldBack)];

    private static void Report(List<string> wrong, int count, string what, bool heldBack) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{(heldBack ? "held back" : "tuned on")}: {wrong.Count} of {count} {what}\n{string.Join('\n', wrong)}");

    private bool IsDamaged(string payload)
    {
        var frame = Frame(payload);
        return !ReferenceEquals(frame, _redactor.Redact(frame));
    }

    private string Text(string payload) => Encoding.UTF8.GetString(_redactor.Redact(Frame(payload)).Payload.Span);

    private static MessageEnvelope Frame(string payload) =>
        new(SessionId.New(), MessageDirection.ClientToServer, TransportType.StreamableHttp, Encoding.UTF8.GetBytes(payload), DateTimeOffset.UnixEpoch);
}
