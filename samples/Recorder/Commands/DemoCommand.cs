using System.CommandLine;
using Recorder.Demo;

namespace Recorder.Commands;

/// <summary><c>demo</c>, or no argument at all: a conversation that is recorded and shown, with nothing installed.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var redis = RedisOption.Optional("The Redis server to record into; else the demonstration starts one inside this process.");
        var command = new Command("demo", "Record a client and a server talking, and show the record. Needs nothing installed.") { redis };
        command.SetAction((parse, cancellationToken) => Demonstration.RunAsync(parse.GetValue(redis), cancellationToken));
        return command;
    }
}
