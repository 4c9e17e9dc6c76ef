using System.CommandLine;
using Shadowcat.Sessions.Recorder.Display;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>list</c>: the recorded sessions as a table, the newest first.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var limit = new Option<int?>("--limit") { Description = "Only so many, the newest; all of them where it is left out.", HelpName = "sessions" };
        var command = new Command("list", "List the recorded sessions, the newest first.") { limit };
        var filter = SessionFilterOptions.AddTo(command);
        var location = StoreOptions.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var connection = StoreConnection.Open(location(parse));
            var listing = filter.List(connection.Store, parse, cancellationToken);
            var sessions = await (parse.GetValue(limit) is { } count ? listing.Take(count) : listing).ToListAsync(cancellationToken);
            var screen = Screen.Open();
            screen.Write(SessionTable.Of(sessions, screen.Profile.Width));
            return 0;
        });
        return command;
    }
}
