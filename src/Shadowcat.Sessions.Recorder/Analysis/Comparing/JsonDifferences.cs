using System.Globalization;
using System.Text.Json;

namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>Lists in what two messages differ.</summary>
/// <param name="ignored">The parts that are not compared.</param>
internal sealed class JsonDifferences(IgnoredPaths ignored)
{
    /// <summary>Further ones of two messages are not listed.</summary>
    private const int Max = 20;

    private static readonly string[] Parts = ["params", "result", "error"];

    /// <summary>The paths at which the messages differ, with what either has there as JSON; null for nothing.</summary>
    /// <exception cref="JsonException">One of them is no JSON.</exception>
    public IReadOnlyList<(string Path, string? First, string? Second)> Of(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        using var one = MessageDocument.Parse(first);
        using var other = MessageDocument.Parse(second);
        List<(string Path, string? First, string? Second)> found = [];
        foreach (var part in Parts)
        {
            Compare(part, Member(one.RootElement, part), Member(other.RootElement, part), ignored.Member(part), found);
        }

        return found;
    }

    private static void Compare(string path, JsonElement? first, JsonElement? second, IgnoredPaths? below, List<(string Path, string? First, string? Second)> found)
    {
        if (found.Count == Max || below is { IsIgnored: true })
        {
            return;
        }

        if (first is { ValueKind: JsonValueKind.Object } one && second is { ValueKind: JsonValueKind.Object } other)
        {
            foreach (var name in one.EnumerateObject().Select(static member => member.Name).Union(other.EnumerateObject().Select(static member => member.Name), StringComparer.Ordinal))
            {
                Compare($"{path}.{name}", Member(one, name), Member(other, name), below?.Member(name), found);
            }
        }
        else if (first is { ValueKind: JsonValueKind.Array } list && second is { ValueKind: JsonValueKind.Array } others)
        {
            CompareLists(path, [.. list.EnumerateArray()], [.. others.EnumerateArray()], below, found);
        }
        else if (first is { } left && second is { } right ? !JsonElement.DeepEquals(left, right) : first is not null || second is not null)
        {
            found.Add((path, first?.GetRawText(), second?.GetRawText()));
        }
    }

    /// <summary>What is equal at both ends is passed over, so that one element more is one difference, and not one of all that follow it.</summary>
    private static void CompareLists(string path, JsonElement[] first, JsonElement[] second, IgnoredPaths? below, List<(string Path, string? First, string? Second)> found)
    {
        var shorter = Math.Min(first.Length, second.Length);
        var start = 0;
        while (start < shorter && JsonElement.DeepEquals(first[start], second[start]))
        {
            start++;
        }

        var end = 0;
        while (end < shorter - start && JsonElement.DeepEquals(first[^(end + 1)], second[^(end + 1)]))
        {
            end++;
        }

        for (var i = start; i < Math.Max(first.Length, second.Length) - end; i++)
        {
            Compare(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), Element(first, i, end), Element(second, i, end), below?.Element(i), found);
        }
    }

    private static JsonElement? Element(JsonElement[] list, int index, int end) => index < list.Length - end ? list[index] : null;

    private static JsonElement? Member(JsonElement value, string name) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : null;
}
