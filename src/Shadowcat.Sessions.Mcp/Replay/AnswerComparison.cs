using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Lists the differences between two answers.</summary>
internal sealed partial class AnswerComparison
{
    /// <summary>Further differences are not listed.</summary>
    private const int MaxDifferences = 20;

    private const int MaxLength = 200;

    private readonly HashSet<string> _ignored;

    /// <param name="ignoredPaths">The paths that are not compared.</param>
    public AnswerComparison(IEnumerable<string> ignoredPaths) => _ignored = new HashSet<string>(ignoredPaths, StringComparer.Ordinal) { "result._meta" };

    /// <summary>Compares the results or errors of two answers.</summary>
    /// <param name="recorded">The recorded answer.</param>
    /// <param name="actual">The actual answer.</param>
    /// <param name="isRedacted">Whether parts of the recorded answer were redacted: these are not compared, since their value is not known.</param>
    public IReadOnlyList<(string Path, string? Recorded, string? Actual)> Compare(ReadOnlyMemory<byte> recorded, ReadOnlyMemory<byte> actual, bool isRedacted = false)
    {
        using var before = JsonDocument.Parse(recorded);
        using var now = JsonDocument.Parse(actual);
        var differences = new List<(string Path, string? Recorded, string? Actual)>();
        foreach (var part in (string[])["result", "error"])
        {
            Compare(part, Member(before.RootElement, part), Member(now.RootElement, part), differences);
        }

        return isRedacted ? differences.FindAll(difference => !Damage.IsReplaced(difference.Recorded)) : differences;
    }

    /// <summary>The beginning of a JSON text, where it is long.</summary>
    public static string? Shortened(string? json) => json is { Length: > MaxLength } ? json[..MaxLength] + "…" : json;

    private void Compare(string path, JsonElement? recorded, JsonElement? actual, List<(string Path, string? Recorded, string? Actual)> differences)
    {
        if (differences.Count == MaxDifferences || _ignored.Contains(path) || _ignored.Contains(Places().Replace(path, "[*]")))
        {
            return;
        }

        if (recorded is { ValueKind: JsonValueKind.Object } before && actual is { ValueKind: JsonValueKind.Object } now)
        {
            foreach (var name in before.EnumerateObject().Select(member => member.Name).Union(now.EnumerateObject().Select(member => member.Name), StringComparer.Ordinal))
            {
                Compare($"{path}.{name}", Member(before, name), Member(now, name), differences);
            }
        }
        else if (recorded is { ValueKind: JsonValueKind.Array } list && actual is { ValueKind: JsonValueKind.Array } other)
        {
            for (var i = 0; i < Math.Max(list.GetArrayLength(), other.GetArrayLength()); i++)
            {
                Compare(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), Element(list, i), Element(other, i), differences);
            }
        }
        else if (recorded is { } left && actual is { } right ? !JsonElement.DeepEquals(left, right) : recorded is not null || actual is not null)
        {
            differences.Add((path, Text(recorded), Text(actual)));
        }
    }

    private static JsonElement? Member(JsonElement value, string name) => value.TryGetProperty(name, out var member) ? member : null;

    private static JsonElement? Element(JsonElement list, int index) => index < list.GetArrayLength() ? list[index] : null;

    private static string? Text(JsonElement? value) => Shortened(value?.GetRawText());

    [GeneratedRegex(@"\[\d+\]", RegexOptions.None, 1000)]
    private static partial Regex Places();
}
