namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary><c>completion</c>, in the shells that this machine has.</summary>
public sealed class CompletionCommandTests
{
    /// <summary>Lets bash complete a line, as it does when Tab is pressed, with the recorder in the place of the installed tool.</summary>
    private const string Complete = """
        recorder=("$@")
        line=${recorder[-1]}
        unset 'recorder[-1]'
        shadowcat() { "${recorder[@]}" "$@"; }
        eval "$(shadowcat completion bash)"
        COMP_LINE=$line COMP_POINT=${#line}
        read -ra COMP_WORDS <<<"$line"
        [[ $line != *' ' ]] || COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _shadowcat
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    [Theory]
    [InlineData("shadowcat unw", "unwrap")]
    [InlineData("/opt/tools/shadowcat list --st", "--state --status --store")]
    [InlineData("shadowcat list --status ", "Active Completed Failed TimedOut")]
    [InlineData("shadowcat list --status F", "Failed")]
    [InlineData("shadowcat import --keep-l", "--keep-lifetimes")]
    [InlineData("shadowcat nothing-of-the-kind", "")]
    public async Task Completion_InBash_OffersWhatFits(string line, string words)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs bash");
        await using RecorderProcess shell = RecorderProcess.StartInBash(Complete, line);

        RecorderRun run = await shell.EndAsync();

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(words, string.Join(' ', run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("zsh", "compdef _shadowcat shadowcat")]
    [InlineData("fish", "complete -c shadowcat")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_AnyShell_IsAScriptOfIt(string shell, string says)
    {
        RecorderRun run = await HostedRecorder.RunAsync("completion", shell);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(says, run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_UnknownShell_NamesThoseThatAreKnown()
    {
        RecorderRun run = await HostedRecorder.RunAsync("completion", "csh");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("bash", run.Errors, StringComparison.Ordinal);
    }
}
