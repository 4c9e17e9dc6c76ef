using System.CommandLine;
using Shadowcat.Sessions.Recorder.Demo;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>demo</c>, or no argument at all: a conversation that is recorded and shown, with nothing installed.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var command = new Command("demo", "Record a client and a server talking, and show the record. Needs nothing installed.");
        ExamplesInHelp.AddTo(command, ("demo", "records into the user's file"), ("demo --store demo.db", "records into another file"));
        return For(command);
    }

    /// <summary>Lets a command run the demonstration.</summary>
    public static T For<T>(T command)
        where T : Command
    {
        var location = StoreOptions.AddTo(command);
        command.SetAction((parse, cancellationToken) => Demonstration.RunAsync(location(parse), cancellationToken));
        return command;
    }
}
