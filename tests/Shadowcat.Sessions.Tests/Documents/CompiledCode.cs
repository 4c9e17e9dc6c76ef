using System.Text.RegularExpressions;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Tests.Documents;

/// <summary>The code that pages may show: the programs in <c>samples</c>, and what stands between <c>// &lt;name&gt;</c> and <c>// &lt;/name&gt;</c> in the tests. The build compiles both.</summary>
internal static partial class CompiledCode
{
    /// <summary>Every piece of it, from the left margin on.</summary>
    public static IReadOnlySet<string> All { get; } = Programs().Concat(Regions()).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Programs() => Sources("samples").Where(static path => Path.GetFileName(path) == "Program.cs").Select(Read);

    private static IEnumerable<string> Regions() => Sources("tests")
        .SelectMany(static path => Region().Matches(Read(path)))
        .Select(static match => FromTheMargin(match.Groups["code"].Value).Replace("console.AppendLine", "Console.WriteLine", StringComparison.Ordinal));

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(static path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string Read(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");

    private static string FromTheMargin(string code)
    {
        var lines = code.Split('\n');
        var margin = lines.Where(static line => line.Length > 0).Min(static line => line.Length - line.TrimStart(' ').Length);
        return string.Join('\n', lines.Select(line => line.Length > margin ? line[margin..] : line));
    }

    [GeneratedRegex(@"^ *// <(?<name>[\w-]+)>\n(?<code>[\s\S]*?)^ *// </\k<name>>$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Region();
}
