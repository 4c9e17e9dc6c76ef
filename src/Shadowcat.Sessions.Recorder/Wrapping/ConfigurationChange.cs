using System.Text;

namespace Shadowcat.Sessions.Recorder.Wrapping;

/// <summary>What is to be done to a configuration, and how that is shown.</summary>
/// <param name="file">The file.</param>
/// <param name="servers">What becomes of each of its servers.</param>
internal sealed class ConfigurationChange(ConfigurationFile file, IReadOnlyList<ServerChange> servers)
{
    private readonly TextEdit[] _edits = [.. servers.SelectMany(static server => server.Edits).OrderBy(static edit => edit.Start)];

    public ConfigurationFile File { get; } = file;

    public IReadOnlyList<ServerChange> Servers { get; } = servers;

    /// <summary>Whether anything is to be changed.</summary>
    public bool HasEdits => _edits.Length > 0;

    /// <summary>The lines that change, as they are behind '-' and as they will be behind '+'. Others are left out, for keys stand there.</summary>
    public IEnumerable<string> Lines()
    {
        List<string> lines = [];
        var text = File.Text;
        for (var first = 0; first < _edits.Length;)
        {
            var (start, end) = LinesOf(text, _edits[first]);
            var last = first + 1;
            while (last < _edits.Length && LinesOf(text, _edits[last]) is var other && other.Start <= end)
            {
                (end, last) = (Math.Max(end, other.End), last + 1);
            }

            var number = text[..start].Count((byte)'\n') + 1;
            lines.Add($"@@ line {number}: {string.Join(", ", _edits[first..last].Select(static edit => edit.Server).Distinct(StringComparer.Ordinal))}");
            var (before, after) = (LinesIn(text[start..end]), LinesIn(TextEdit.Apply(text, start, end, _edits[first..last])));
            var same = before.Zip(after).TakeWhile(static pair => pair.First == pair.Second).Count();
            lines.AddRange(before.Skip(same).Select(static line => $"- {line}"));
            lines.AddRange(after.Skip(same).Select(static line => $"+ {line}"));
            first = last;
        }

        return lines;
    }

    /// <summary>Changes the file.</summary>
    public void Write() => File.Replace(TextEdit.Apply(File.Text, 0, File.Text.Length, _edits));

    private static (int Start, int End) LinesOf(ReadOnlySpan<byte> text, TextEdit edit)
    {
        var end = text[edit.End..].IndexOf((byte)'\n');
        return (text[..edit.Start].LastIndexOf((byte)'\n') + 1, end < 0 ? text.Length : edit.End + end);
    }

    private static List<string> LinesIn(ReadOnlySpan<byte> lines) =>
        [.. Encoding.UTF8.GetString(lines).Split('\n').Select(static line => line.TrimEnd('\r').Replace("\t", "    ", StringComparison.Ordinal))];
}
