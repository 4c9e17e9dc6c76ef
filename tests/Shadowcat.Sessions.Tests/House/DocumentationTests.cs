using System.Text.RegularExpressions;
using Shadowcat.Sessions.Tests.Documents;

namespace Shadowcat.Sessions.Tests.House;

/// <summary>What the documentation refers to is there.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] Folders = ["src/", "tests/", "samples/", "docs/", ".ci/", ".github/"];

    public static TheoryData<string> Documents => [.. Document.All.Select(static page => page.Path)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_LeadToFilesAndHeadingsThatExist(string document)
    {
        var links = Link().Matches(Text(document)).Select(static match => match.Groups["target"].Value).Where(static target => !target.Contains("://", StringComparison.Ordinal));

        Assert.All(links, link =>
        {
            var parts = link.Split('#');
            var target = parts[0].Length == 0 ? document : Resolved(document, parts[0]);
            Assert.True(Exists(target), $"{document} links to {link}, which does not exist.");
            if (parts.Length > 1)
            {
                Assert.True(Anchors(target).Contains(parts[1], StringComparer.Ordinal), $"{document} links to {link}, and {target} has no such heading.");
            }
        });
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Files_ThatAreNamed_Exist(string document)
    {
        var named = Code().Matches(Text(document)).Select(static match => match.Groups["text"].Value).Where(static text => Array.Exists(Folders, folder => text.StartsWith(folder, StringComparison.Ordinal)));
        var scripts = Code().Matches(Text(document)).Select(static match => match.Groups["text"].Value).Where(static text => Script().IsMatch(text));

        Assert.All(named, path => Assert.True(Exists(path), $"{document} names {path}, which does not exist."));
        Assert.All(scripts, script => Assert.True(Exists($"src/Shadowcat.Sessions.Redis/Scripts/{script}"), $"{document} names {script}, and there is no such script."));
    }

    [Fact]
    public void DesignNotes_AreAllInTheIndex()
    {
        var index = Text("docs/design/README.md");

        Assert.All(
            Directory.GetFiles(Path.Combine(Repository.Root, "docs", "design"), "*.md").Select(Path.GetFileName).Where(static name => name != "README.md"),
            name => Assert.Contains($"]({name})", index, StringComparison.Ordinal));
    }

    private static string Text(string document) => Document.Read(document).Text;

    private static string Resolved(string document, string link) =>
        Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(document)!, link))).Replace('\\', '/');

    private static bool Exists(string path) => File.Exists(Path.Combine(Repository.Root, path)) || Directory.Exists(Path.Combine(Repository.Root, path));

    /// <summary>What leads to the headings of a document: their words in lower case, with dashes for the blanks between them.</summary>
    private static IEnumerable<string> Anchors(string document) =>
        Heading().Matches(Text(document)).Select(static match => NoWord().Replace(match.Groups["title"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"`(?<text>[^`\s]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"^[a-z-]+\.lua$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Script();

    [GeneratedRegex(@"^#+ (?<title>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NoWord();
}
