using System.CommandLine;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Storing;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>list</c>: the recorded sessions as a table, the newest first.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var limit = new Option<int?>("--limit") { Description = "Only so many, the newest; all of them where it is left out.", HelpName = "sessions" };
        var json = JsonOption.Create("a line for each session");
        var command = new Command("list", "List the recorded sessions, the newest first.") { limit, json };
        var filter = SessionFilterOptions.AddTo(command);
        var location = StoreOptions.AddTo(command);
        ExamplesInHelp.AddTo(
            command,
            ("list --server files --since 2h", "of a server, in the last two hours"),
            ("list --status failed --limit 1 --json", "the newest that failed, for a program"));
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var connection = StoreConnection.Open(location(parse));
            var listing = filter.List(connection.Store, parse, cancellationToken);
            var wanted = parse.GetValue(limit) is { } count ? listing.Take(count) : listing;
            if (parse.GetValue(json))
            {
                await WriteAsync(wanted);
                return 0;
            }

            var sessions = await wanted.ToListAsync(cancellationToken);
            var screen = Screen.Open();
            screen.Write(SessionTable.Of(sessions, screen.Profile.Width));
            return 0;
        });
        return command;
    }

    private static async Task WriteAsync(IAsyncEnumerable<Session> sessions)
    {
        await using var output = new JsonOutput();
        await foreach (var session in sessions)
        {
            output.WriteLine(writer => SessionDocument.Write(writer, session));
        }
    }
}
