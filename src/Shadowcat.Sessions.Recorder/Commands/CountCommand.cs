using System.CommandLine;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Storing;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>count</c>: how many sessions there are.</summary>
internal static class CountCommand
{
    public static Command Create()
    {
        var json = JsonOption.Create("one object, {\"sessions\": 3}");
        var command = new Command("count", "Count the recorded sessions.") { json };
        var location = StoreOptions.AddTo(command);
        ExamplesInHelp.AddTo(
            command,
            ("count", "of the user's file"),
            ("count --redis localhost:6379 --json", "of a Redis server, for a program"));
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var connection = StoreConnection.Open(location(parse));
            var count = await connection.Store.CountSessionsAsync(cancellationToken);
            await StandardOutput.OpenText().WriteLineAsync(parse.GetValue(json) ? JsonOutput.Counts(("sessions", count)) : $"{count}");
            return 0;
        });
        return command;
    }
}
