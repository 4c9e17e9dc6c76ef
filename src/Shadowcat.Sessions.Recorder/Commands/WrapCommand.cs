using System.CommandLine;
using Shadowcat.Sessions.Recorder.Starting;
using Shadowcat.Sessions.Recorder.Storing;
using Shadowcat.Sessions.Recorder.Terminal;
using Shadowcat.Sessions.Recorder.Wrapping;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>wrap configuration…</c>: puts the recorder before the servers of a client's configuration.</summary>
internal static class WrapCommand
{
    public static Command Create()
    {
        // No connection of Redis: the configuration would show its password in the list of processes.
        var store = new Option<string?>("--store")
        {
            Description = $"The file that keeps the sessions; else what the environment variable {StoreLocation.FileVariable} names now, for clients pass on little of theirs; else where 'record' keeps them.",
            HelpName = "file",
        };
        var fullPath = new Option<bool>("--full-path") { Description = "Name the recorder by its full path also where the PATH finds it, for a client that is started without that." };
        var command = new Command("wrap", "Put the recorder before the servers in the configuration of an MCP client. Servers that are reached by an address are left as they are.") { store, fullPath };
        ExamplesInHelp.AddTo(
            command,
            ("wrap", "all known configurations that exist"),
            ("wrap cursor --server files", "one server of Cursor's"),
            ("wrap .mcp.json --yes", "any file, without a question"));
        ConfigurationCommand.AddTo(command, parse =>
        {
            var recorder = OwnExecutable.FromAnywhere(parse.GetValue(fullPath));
            var file = parse.GetValue(store) ?? EnvironmentVariable.Get(StoreLocation.FileVariable);
            if (string.IsNullOrEmpty(file) && EnvironmentVariable.Get(StoreLocation.RedisVariable) is not null)
            {
                StandardError.Writer.WriteLine($"shadowcat: sessions will be kept in the user's file, and not in the server of {StoreLocation.RedisVariable}, unless the client hands that variable to its servers");
            }

            string[] options = string.IsNullOrEmpty(file) ? [] : ["--store", Path.GetFullPath(file)];
            return new ServerWrapping(recorder[0], [.. recorder.Skip(1), RecorderCall.Record, .. options]).Wrap;
        });
        return command;
    }
}
