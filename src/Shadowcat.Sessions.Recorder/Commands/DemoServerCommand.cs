using System.CommandLine;
using Shadowcat.Sessions.Recorder.Demo;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>demo-server</c>: the server of the demonstration, as a program of its own like any MCP server.</summary>
internal static class DemoServerCommand
{
    public static Command Create()
    {
        var command = new Command("demo-server", "The MCP server of the demonstration.") { Hidden = true };
        command.SetAction((_, cancellationToken) => DemoServer.RunAsync(cancellationToken));
        return command;
    }
}
