using System.Text.RegularExpressions;
using Shadowcat.Sessions.Tests.Recorder;

namespace Shadowcat.Sessions.Tests.Documents;

/// <summary>The command lines that pages show are those of the tool.</summary>
public sealed partial class ToolCommandTests
{
    public static TheoryData<string> Commands => [.. Lines().Select(static line => line.Split(' ')).Where(static words => words.Length > 1).Select(static words => words[1]).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Options_OfEachCommand_AreInItsHelp(string command)
    {
        var help = await HostedRecorder.RunAsync(command, "--help");
        var shown = Lines().Where(line => line.Split(' ')[1..] is [var first, ..] && first == command).SelectMany(static line => Option().Matches(line)).Select(static match => match.Value);

        Assert.Equal(0, help.ExitCode);
        Assert.Contains($"shadowcat {command}", help.Text, StringComparison.Ordinal);
        Assert.Empty(shown.Except(Option().Matches(help.Text).Select(static match => match.Value), StringComparer.Ordinal));
    }

    /// <summary>What stands behind <c>--</c> is for the server, and what stands behind <c>#</c> for the reader.</summary>
    private static IEnumerable<string> Lines() => Document.All
        .SelectMany(static page => page.Blocks("console"))
        .SelectMany(static block => block.Split('\n'))
        .Where(static line => line.StartsWith("shadowcat ", StringComparison.Ordinal))
        .Select(static line => line.Split('#')[0].Split(" -- ")[0].TrimEnd());

    [GeneratedRegex(@"(?<=[ ,])--[a-z-]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Option();
}
