using System.Net;
using System.Text.RegularExpressions;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Tests.Documents;

/// <summary>A class of options as its source has it: the summary and the value of each option are what its documentation says.</summary>
internal sealed partial record OptionsSource(string Name, string Package, IReadOnlyList<OptionsSource.Option> Options)
{
    private static readonly Dictionary<string, string[]> Enums = FindEnums();

    /// <summary>The classes of options of all packages.</summary>
    public static IReadOnlyList<OptionsSource> All { get; } = [.. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src"))
        .SelectMany(static package => Files(package).Select(path => Read(path, Path.GetFileName(package))))
        .OrderBy(static source => source.Name, StringComparer.Ordinal)];

    /// <summary>An option.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Type">Its type, as the source has it.</param>
    /// <param name="Sets">What it sets.</param>
    /// <param name="Value">Its bounds and its default.</param>
    public sealed record Option(string Name, string Type, string Sets, string Value);

    /// <summary>The names of an enumeration, as a configuration has them; null where the type is none.</summary>
    public static IReadOnlyList<string>? NamesOf(string type) => Enums.GetValueOrDefault(type);

    private static IEnumerable<string> Files(string package) => Directory.EnumerateFiles(package, "*.cs", SearchOption.AllDirectories)
        .Where(static path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Where(static path => Class().IsMatch(File.ReadAllText(path)));

    private static OptionsSource Read(string path, string package)
    {
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        return new OptionsSource(
            Class().Match(text).Groups["name"].Value,
            package,
            [.. Property().Matches(text).Select(static match => new Option(
                match.Groups["name"].Value,
                match.Groups["type"].Value,
                Plain(Summary().Match(match.Groups["comment"].Value).Groups["text"].Value),
                Plain(ValueOf().Match(match.Groups["comment"].Value).Groups["text"].Value) + Choices(match.Groups["type"].Value)))]);
    }

    /// <summary>The names of a choice, as a configuration has them.</summary>
    private static string Choices(string type) => Enums.TryGetValue(type, out var names) ? $" One of {string.Join(", ", names.Select(static name => $"`{name}`"))}." : "";

    private static Dictionary<string, string[]> FindEnums() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Select(File.ReadAllText)
        .SelectMany(static text => Enum().Matches(text.ReplaceLineEndings("\n")))
        .ToDictionary(
            static match => match.Groups["name"].Value,
            static match => Member().Matches(match.Groups["body"].Value).Select(static member => member.Groups["name"].Value).ToArray(),
            StringComparer.Ordinal);

    /// <summary>Documentation as a cell of a table: on one line, with code between backticks.</summary>
    private static string Plain(string documentation)
    {
        var line = Blanks().Replace(documentation.Replace("///", " ", StringComparison.Ordinal), " ").Trim();
        var code = Reference().Replace(line, static match => $"`{match.Groups["name"].Value}`");
        return WebUtility.HtmlDecode(CodeElement().Replace(code, "`${text}`")).Replace("|", @"\|", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^public sealed class (?<name>\w+Options|\w+ClientSettings|ClientLimits)\b", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Class();

    [GeneratedRegex(@"(?<comment>(?:^    ///[^\n]*\n)+)    public (?!sealed|static|override)(?:required )?(?<type>[\w<>?,. ]+?) (?<name>\w+)(?: \{|\n    \{)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Property();

    [GeneratedRegex(@"^public enum (?<name>\w+)[^{]*\n\{(?<body>[\s\S]*?)^\}", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Enum();

    [GeneratedRegex(@"^    (?<name>[A-Z]\w*)(?: = \w+)?,?$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Member();

    [GeneratedRegex(@"<summary>(?<text>[\s\S]*?)</summary>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Summary();

    [GeneratedRegex(@"<value>(?<text>[\s\S]*?)</value>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ValueOf();

    [GeneratedRegex(@"<(?:see cref|see langword|paramref name)=""(?:[\w.]+\.)?(?<name>\w+)""/>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();

    [GeneratedRegex("<c>(?<text>.*?)</c>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CodeElement();

    [GeneratedRegex(@"\s+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Blanks();
}
