using System.CommandLine;
using Gateway.Demo;

namespace Gateway.Commands;

/// <summary><c>demo</c>, or no argument at all: alice's session goes from replica to replica, and to nobody else.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var redis = RedisOption.Create();
        var command = new Command("demo", "Show a session go from replica to replica. Needs nothing installed.") { redis };
        command.SetAction((parse, cancellationToken) => Demonstration.RunAsync(parse.GetValue(redis), cancellationToken));
        return command;
    }
}
