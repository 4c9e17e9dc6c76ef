using System.CommandLine;
using Shadowcat.Sessions.Recorder.Proxying;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>delete session</c>: removes a session with its frames.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var session = SessionArgument.Create();
        var command = new Command("delete", "Delete a recorded session and its frames.") { session };
        var location = StoreOptions.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var id = parse.GetValue(session);
            await using var connection = StoreConnection.Open(location(parse));
            if (await connection.Store.DeleteSessionAsync(id, cancellationToken))
            {
                await StandardOutput.OpenText().WriteLineAsync($"deleted {id}");
                return 0;
            }

            await Console.Error.WriteLineAsync($"shadowcat: there is no session {id}");
            return 1;
        });
        return command;
    }
}
