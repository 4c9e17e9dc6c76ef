using System.Text.RegularExpressions;

namespace Shadowcat.Sessions.Tests.House;

/// <summary>What runs for the repository elsewhere runs as it was looked at.</summary>
public sealed partial class WorkflowTests
{
    public static TheoryData<string> Workflows =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, ".github", "workflows"), "*.yml").Select(static path => Path.GetFileName(path))];

    /// <summary>A tag can be moved to other code; the hash of a commit cannot. The version beside it is for people, and for Dependabot.</summary>
    /// <seealso href="https://docs.github.com/actions/reference/security/secure-use"/>
    [Theory]
    [MemberData(nameof(Workflows))]
    public void Actions_OfAWorkflow_ArePinnedToACommit(string workflow)
    {
        var uses = Uses().Matches(Read(workflow)).Select(static match => match.Groups["action"].Value).Where(static action => !action.StartsWith("./", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, static action => Assert.Matches(Pinned(), action));
    }

    /// <summary>A clone without its tags would make a version of its own.</summary>
    [Theory]
    [MemberData(nameof(Workflows))]
    public void Checkouts_OfAWorkflow_BringTheTags(string workflow)
    {
        var text = Read(workflow);

        Assert.Equal(Occurrences(text, "uses: actions/checkout@"), Occurrences(text, "fetch-depth: 0"));
    }

    private static int Occurrences(string text, string words) => text.Split(words).Length - 1;

    private static string Read(string workflow) => File.ReadAllText(Path.Combine(Repository.Root, ".github", "workflows", workflow));

    [GeneratedRegex(@"^ *(?:- )?uses: (?<action>[^\r\n]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Uses();

    [GeneratedRegex(@"^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", RegexOptions.None, 1000)]
    private static partial Regex Pinned();
}
