namespace Shadowcat.Sessions.Mcp.Tests.Redaction;

/// <summary>The work of the redactor grows as the text does, whatever that holds. It is counted, not timed.</summary>
public sealed class RedactionWorkTests
{
    private const int Length = 32 * 1024;
    private const int Factor = 16;

    /// <summary>So often is a character looked at in the worst text that is known, and a bit more.</summary>
    private const int MostLooks = 128;

    public static TheoryData<string> Worst =>
    [
        "x", "-eyJ", "eyJaaaaaa.a.", "eyJaaaaaa.eyJ.", "a:", ":", "= ", "password:", "password=a(", "password=password.", "token=the ", "authorization: see ", "'authorization: see ",
        "cookie:", "token=\"", "token='x ", "token=\\\"", "token=\\\\\"x ", "\"password\":{\"type\":", "\"password\": [", "\"password\": {}", "sk-", "ghp_", " ghp_1", "AKIA", "://a@", "://",
        "a:b1cdefg@", "-----BEGIN ", "-----BEGIN PRIVATE KEY", "-----BEGIN PRIVATE KEY-----", "bearer ", "basic YWFhYWFh", "--token ", " -u a:b", "curl -u a:", " -p ", "login -p ", "|password| |",
        "<password>", "password          |", "12345678:AA", "\\\\", "\\\\\\\"", "a_b_c_d_e_f_tokenx=", "api key api key: ", "name=\"password\" value=", "?code=a&key=", "password=,", "password=a;b",
        "hooks.slack.com/services/", "password: a b\n",
    ];

    [Theory]
    [MemberData(nameof(Worst))]
    public void Redact_SixteenTimesTheText_IsSixteenTimesTheWork(string unit)
    {
        var small = WorkOf(unit, Length);
        var large = WorkOf(unit, Length * Factor);

        Assert.InRange(large, 0, (small + Length) * Factor * 3 / 2);
        Assert.InRange(large, 0, (long)Length * Factor * MostLooks);
    }

    [Fact]
    public void Redact_RunBehindManyBeginnings_IsLookedAtOnce()
    {
        var text = string.Concat(Enumerable.Repeat("sk-", Length)) + new string('-', Length) + string.Concat(Enumerable.Repeat(" authorization: see", Length / 16)) + new string(' ', Length);

        CredentialText.Redact(text, out var work);

        Assert.InRange(work, 1, text.Length * (long)MostLooks);
    }

    private static long WorkOf(string unit, int length)
    {
        CredentialText.Redact(string.Concat(Enumerable.Repeat(unit, length / unit.Length)), out var work);
        return work;
    }
}
