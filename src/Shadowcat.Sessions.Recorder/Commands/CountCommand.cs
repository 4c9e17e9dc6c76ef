using System.CommandLine;
using Shadowcat.Sessions.Recorder.Proxying;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>count</c>: how many sessions there are.</summary>
internal static class CountCommand
{
    public static Command Create()
    {
        var command = new Command("count", "Count the recorded sessions.");
        var location = StoreOptions.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var connection = StoreConnection.Open(location(parse));
            await StandardOutput.OpenText().WriteLineAsync($"{await connection.Store.CountSessionsAsync(cancellationToken)}");
            return 0;
        });
        return command;
    }
}
