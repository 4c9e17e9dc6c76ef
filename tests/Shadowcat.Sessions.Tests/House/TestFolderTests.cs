using System.Text.RegularExpressions;

namespace Shadowcat.Sessions.Tests.House;

/// <summary>Tests lie where what they test lies.</summary>
public sealed partial class TestFolderTests
{
    /// <summary>What no folder of the sources is the subject of: what holds for several of them, and what the tests are made with.</summary>
    private static readonly string[] OfNoFolder = ["Chaos", "Conformance", "FileStore", "Fuzzing", "House", "Readme", "Recorder", "Security", "Servers", "Snapshots"];

    /// <summary>The folders that hold the tests of another package than the core.</summary>
    private static readonly string[] OfOtherPackages = ["Protection", "Redis"];

    private static readonly string Tests = Path.Combine(Repository.Root, "tests", "Shadowcat.Sessions.Tests");

    [Fact]
    public void Folders_OfTests_AreThoseOfTheCore() => Assert.Subset(
        FoldersOf(Path.Combine(Repository.Root, "src", "Shadowcat.Sessions")),
        FoldersOf(Tests).Except(OfNoFolder.Concat(OfOtherPackages), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void Folders_OfTestsOfRedis_AreThoseOfItsStore() =>
        Assert.Subset(FoldersOf(Path.Combine(Repository.Root, "src", "Shadowcat.Sessions.Redis")), FoldersOf(Path.Combine(Tests, "Redis")));

    [Fact]
    public void Namespaces_OfTests_AreThoseOfTheirFolders()
    {
        // As in the sources, the folders of the Redis store are no namespaces.
        var wrong = from path in Directory.EnumerateFiles(Tests, "*.cs", SearchOption.AllDirectories)
            let folder = Path.GetRelativePath(Tests, Path.GetDirectoryName(path)!).Replace(Path.DirectorySeparatorChar, '.')
            where !folder.StartsWith("obj", StringComparison.Ordinal) && !folder.StartsWith("bin", StringComparison.Ordinal)
            let expected = folder == "." ? "" : folder.StartsWith("Redis.", StringComparison.Ordinal) ? ".Redis" : $".{folder}"
            where Namespace().Match(File.ReadAllText(path)) is not { Success: true } found || found.Groups["name"].Value != $"Shadowcat.Sessions.Tests{expected}"
            select path;

        Assert.Empty(wrong);
    }

    private static HashSet<string> FoldersOf(string folder) => Directory.EnumerateDirectories(folder)
        .Select(path => Path.GetFileName(path))
        .Except(["bin", "obj"], StringComparer.Ordinal)
        .ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Namespace();
}
