using System.CommandLine;
using Shadowcat.Sessions.Recorder.Completion;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>completion shell</c>: the script that lets a shell complete the commands and options of the installed tool.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = $"One of {string.Join(", ", CompletionScripts.All.Keys)}." };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.All.Keys]);
        var command = new Command("completion", "Write the script that completes the commands and options of the installed tool in a shell.") { shell };
        ExamplesInHelp.AddTo(
            command,
            ("completion bash >> ~/.bashrc", "in bash; for the running shell: source <(shadowcat completion bash)"),
            ("completion zsh >> ~/.zshrc", "in zsh, behind compinit"),
            ("completion fish > ~/.config/fish/completions/shadowcat.fish", "in fish"),
            ("completion pwsh >> $PROFILE", "in PowerShell"));
        command.SetAction(async (parse, _) =>
        {
            await StandardOutput.OpenText().WriteLineAsync(CompletionScripts.All[parse.GetValue(shell)!]);
            return 0;
        });
        return command;
    }
}
