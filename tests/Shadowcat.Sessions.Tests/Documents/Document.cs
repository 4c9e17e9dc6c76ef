using System.Text.RegularExpressions;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Tests.Documents;

/// <summary>A page for people: at the root of the repository, in <c>docs</c>, or beside a package or a sample.</summary>
internal sealed partial record Document(string Path, string Text)
{
    /// <summary>All of them, by their paths below the root.</summary>
    public static IReadOnlyList<Document> All { get; } = [.. Paths().Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>The code between the fences of one language.</summary>
    public IEnumerable<string> Blocks(string language) =>
        Fence().Matches(Text).Where(match => match.Groups["language"].Value == language).Select(static match => match.Groups["code"].Value);

    /// <summary>Reads one.</summary>
    /// <param name="path">Its path below the root.</param>
    public static Document Read(string path) => new(path, File.ReadAllText(System.IO.Path.Combine(Repository.Root, path)).ReplaceLineEndings("\n"));

    /// <inheritdoc/>
    public override string ToString() => Path;

    private static IEnumerable<string> Paths() =>
        Directory.EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(((string[])["src", "samples"])
                .SelectMany(static folder => Directory.EnumerateDirectories(System.IO.Path.Combine(Repository.Root, folder)))
                .SelectMany(static folder => Directory.EnumerateFiles(folder, "README.md")))
            .Append(System.IO.Path.Combine(Repository.Root, "llms.txt"))
            .Select(static path => System.IO.Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'));

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<code>[\s\S]*?)^```$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Fence();
}
