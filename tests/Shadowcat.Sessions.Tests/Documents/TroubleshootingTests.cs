using System.Text.RegularExpressions;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Tests.Documents;

/// <summary>The page on troubles has every exception that a caller can meet, and every event that a log can hold, in the words of the code.</summary>
public sealed partial class TroubleshootingTests
{
    private static readonly string Page = Document.Read("docs/troubleshooting.md").Text;

    /// <summary>The categories of the log that have numbers of their own, by the file that has their events.</summary>
    private static readonly (string Heading, string[] Files)[] Logs =
    [
        ("Events of stores", ["Shadowcat.Sessions/Telemetry/Log.cs", "Shadowcat.Sessions.Redis/Telemetry/RedisLog.cs", "Shadowcat.Sessions/Buffering/BufferLog.cs", "Shadowcat.Sessions.Sqlite/Telemetry/SqliteLog.cs"]),
        ("Events of the recording", ["Shadowcat.Sessions.Mcp/Telemetry/RecordingLog.cs"]),
        ("Events of sessions over HTTP", ["Shadowcat.Sessions.AspNetCore/Telemetry/AspNetCoreLog.cs"]),
    ];

    public static TheoryData<string> Headings => [.. Logs.Select(static log => log.Heading)];

    [Fact]
    public void Exceptions_OfTheLibrary_HaveARowEach() => Assert.Equal(
        typeof(ISessionStore).Assembly.GetExportedTypes().Where(static type => type.IsAssignableTo(typeof(SessionStoreException))).Select(static type => type.Name).Order(StringComparer.Ordinal),
        ExceptionRow().Matches(Page).Select(static match => match.Groups["name"].Value).Where(static name => name.EndsWith("Exception", StringComparison.Ordinal) && !Foreign.Contains(name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Headings))]
    public void Events_OfTheCode_HaveARowEach(string heading)
    {
        var section = Page.Split($"## {heading}\n")[1].Split("\n## ")[0];
        var rows = EventRow().Matches(section).Select(static match => (int.Parse(match.Groups["id"].Value, System.Globalization.CultureInfo.InvariantCulture), match.Groups["level"].Value)).Order();
        var events = Logs.Single(log => log.Heading == heading).Files
            .SelectMany(static file => Event().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src", file))))
            .Select(static match => (int.Parse(match.Groups["id"].Value, System.Globalization.CultureInfo.InvariantCulture), match.Groups["level"].Value))
            .Order();

        Assert.Equal(events, rows);
    }

    [Fact]
    public void Events_OfTheSources_AreInTheFilesThatAreChecked() => Assert.Equal(
        Logs.SelectMany(static log => log.Files).Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(static path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && Event().IsMatch(File.ReadAllText(path)))
            .Select(static path => Path.GetRelativePath(Path.Combine(Repository.Root, "src"), path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal));

    /// <summary>Those of the runtime that calls throw too.</summary>
    private static readonly HashSet<string> Foreign = ["ArgumentException", "ObjectDisposedException", "OperationCanceledException", "OptionsValidationException", "InvalidOperationException"];

    [GeneratedRegex(@"^\| `(?<name>\w+Exception)` \|", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex ExceptionRow();

    [GeneratedRegex(@"^\| (?<id>\d+) \| (?<level>\w+) \|", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex EventRow();

    [GeneratedRegex(@"\[LoggerMessage\((?<id>\d+), LogLevel\.(?<level>\w+),", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Event();
}
