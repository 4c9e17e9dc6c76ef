using System.CommandLine;
using Recorder.Display;
using Shadowcat.Sessions;

namespace Recorder.Commands;

/// <summary><c>list</c>: the recorded sessions as a table.</summary>
internal static class ListCommand
{
    /// <summary>The labels of what is kept beside conversations: so that a client resumes its streams, and that what it continues is found.</summary>
    private static readonly SessionTags Beside = ["mcp.sse-events", "mcp.continuation"];

    public static Command Create()
    {
        var tags = new Option<string[]>("--tag") { Description = "Only sessions with this label; may be given several times." };
        var events = new Option<bool>("--events") { Description = "Also what servers keep beside the sessions: logs of server-sent events to resume streams from, and notes of what requests continue." };
        var command = new Command("list", "List the recorded sessions.") { tags, events };
        var redis = RedisOption.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var filter = new SessionFilter
            {
                Tags = [.. parse.GetValue(tags)!.Select(tag => new SessionTag(tag))],
                WithoutTags = parse.GetValue(events) ? [] : Beside,
            };
            await using var connection = StoreConnection.Open(redis(parse));
            var sessions = await connection.Store.ListSessionsAsync(filter, cancellationToken).ToListAsync(cancellationToken);
            var screen = Screen.Open();
            screen.Write(SessionTable.Of(sessions, screen.Profile.Width));
            return 0;
        });
        return command;
    }
}
