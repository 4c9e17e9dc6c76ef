using System.CommandLine;
using Recorder.Display;
using Shadowcat.Sessions;

namespace Recorder.Commands;

/// <summary><c>list</c>: the recorded sessions as a table, the newest first.</summary>
internal static class ListCommand
{
    /// <summary>The labels of what is kept beside conversations: so that a client resumes its streams, and that what it continues is found.</summary>
    private static readonly SessionTags Beside = ["mcp.sse-events", "mcp.continuation"];

    public static Command Create()
    {
        var tags = new Option<string[]>("--tag") { Description = "Only sessions with this label; may be given several times." };
        var events = new Option<bool>("--events") { Description = "Also what servers keep beside the sessions: logs of server-sent events to resume streams from, and notes of what requests continue." };
        var limit = new Option<int?>("--limit") { Description = "Only so many, the newest; all of them where it is left out.", HelpName = "sessions" };
        var command = new Command("list", "List the recorded sessions, the newest first.") { tags, events, limit };
        var redis = RedisOption.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var filter = new SessionFilter
            {
                Tags = [.. parse.GetValue(tags)!.Select(tag => new SessionTag(tag))],
                WithoutTags = parse.GetValue(events) ? [] : Beside,
                Order = SessionOrder.NewestFirst,
            };
            await using var connection = StoreConnection.Open(redis(parse));
            var listing = connection.Store.ListSessionsAsync(filter, cancellationToken);
            var sessions = await (parse.GetValue(limit) is { } count ? listing.Take(count) : listing).ToListAsync(cancellationToken);
            var screen = Screen.Open();
            screen.Write(SessionTable.Of(sessions, screen.Profile.Width));
            return 0;
        });
        return command;
    }
}
