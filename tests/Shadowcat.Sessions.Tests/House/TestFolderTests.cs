using System.Text.RegularExpressions;

namespace Shadowcat.Sessions.Tests.House;

/// <summary>Tests lie where what they test lies.</summary>
public sealed partial class TestFolderTests
{
    /// <summary>What no folder of the sources is the subject of: what holds for several of them, and what the tests are made with.</summary>
    private static readonly string[] OfNoFolder = ["Chaos", "Conformance", "Documents", "FileStore", "Fuzzing", "House", "Recorder", "Security", "Servers", "Snapshots"];

    /// <summary>The folders that hold the tests of another package than the core.</summary>
    private static readonly string[] OfOtherPackages = ["Aspire", "Protection", "Redis", "Sqlite"];

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
        var wrong = Directory.EnumerateFiles(Tests, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: path, Folder: Path.GetRelativePath(Tests, Path.GetDirectoryName(path)!).Replace(Path.DirectorySeparatorChar, '.')))
            .Where(file => !file.Folder.StartsWith("obj", StringComparison.Ordinal) && !file.Folder.StartsWith("bin", StringComparison.Ordinal))
            .Where(file => NamespaceOf(file.Path) != "Shadowcat.Sessions.Tests" + Expected(file.Folder))
            .Select(file => file.Path);

        Assert.Empty(wrong);
    }

    /// <summary>As in the sources, the folders of the Redis store are no namespaces.</summary>
    private static string Expected(string folder) => folder == "." ? "" : folder.StartsWith("Redis.", StringComparison.Ordinal) ? ".Redis" : $".{folder}";

    private static string NamespaceOf(string path) => Namespace().Match(File.ReadAllText(path)).Groups["name"].Value;

    private static HashSet<string> FoldersOf(string folder) => Directory.EnumerateDirectories(folder)
        .Where(static path => Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories).Any())
        .Select(static path => Path.GetFileName(path))
        .Except(["bin", "obj"], StringComparer.Ordinal)
        .ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Namespace();
}
