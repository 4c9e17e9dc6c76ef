using System.Text;
using System.Text.RegularExpressions;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Mcp.Tests.Redaction;

/// <summary>The payloads that the redactor is measured by. Every fourth was held back while it was made.</summary>
internal static partial class Corpus
{
    private const int HeldBackEvery = 4;
    private const int WindowLength = 6;

    /// <summary>Payloads with credentials, which are marked.</summary>
    public static IReadOnlyList<string> Credentials { get; } = Lines("credentials.txt");

    /// <summary>Payloads without.</summary>
    public static IReadOnlyList<string> Harmless { get; } = Lines("harmless.txt");

    /// <summary>Whether the redactor was not tuned on a payload.</summary>
    public static bool IsHeldBack(int index) => index % HeldBackEvery == HeldBackEvery - 1;

    /// <summary>The lines of the case that was found in the field; their secret is <c>S3CR3T</c>.</summary>
    public static string[] Case(string file) => File.ReadAllLines(PathOf(file));

    /// <summary>Whether nothing of what is marked is left, not even six characters of it that stand nowhere else.</summary>
    public static bool IsFound(string marked, Func<string, string> redact)
    {
        var left = Plain(redact(marked.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal)));
        var around = Plain(Marked().Replace(marked, "[redacted]"));
        return Marked().Matches(marked).Select(match => Plain(match.Groups["secret"].Value)).All(secret => !Windows(secret).Any(
            window => left.Contains(window, StringComparison.Ordinal) && !around.Contains(window, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Windows(string secret)
    {
        var length = Math.Min(WindowLength, secret.Length);
        return Enumerable.Range(0, secret.Length - length + 1).Select(start => secret.Substring(start, length));
    }

    /// <summary>What is replaced in a text is written with other escapes than before.</summary>
    private static string Plain(string json) => Escape().Replace(json, match => ((char)Convert.ToInt32(match.Groups["code"].Value, 16)).ToString());

    private static string[] Lines(string file) =>
        [.. File.ReadAllLines(PathOf(file), Encoding.UTF8).Where(line => line.Length > 0 && line[0] != '#').Select(Unmask)];

    /// <summary>Two tildes are one.</summary>
    private static string Unmask(string line) => Tildes().Replace(line, match => match.Length == 2 ? "~" : "").Replace('⏎', '\n');

    private static string PathOf(string file) => Path.Combine(Repository.Root, "tests", "Shadowcat.Sessions.Mcp.Tests", "Redaction", "Corpus", file);

    [GeneratedRegex("«(?<secret>[^»]*)»?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Marked();

    [GeneratedRegex(@"\\u(?<code>[0-9a-fA-F]{4})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Escape();

    [GeneratedRegex("~~?", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Tildes();
}
