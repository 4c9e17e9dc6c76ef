using System.CommandLine;
using Shadowcat.Sessions.Recorder.Wrapping;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>unwrap configuration…</c>: takes the recorder out of a client's configuration again.</summary>
internal static class UnwrapCommand
{
    public static Command Create()
    {
        var command = new Command("unwrap", "Take the recorder from before the servers in the configuration of an MCP client, which are then what they were before 'wrap'.");
        ExamplesInHelp.AddTo(
            command,
            ("unwrap", "all known configurations that exist"),
            ("unwrap .vscode/mcp.json --server files", "one server of a file"));
        ConfigurationCommand.AddTo(command, _ => ServerUnwrapping.Unwrap);
        return command;
    }
}
