using System.CommandLine;
using Shadowcat.Sessions.Recorder.Display;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>show session</c>: what is known of a session, and its frames as a table or as they were on the wire.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var session = SessionArgument.Create();
        var raw = new Option<bool>("--raw") { Description = "Write the messages only, byte for byte, one a line." };
        var last = LastOption.Create("Only this many of the newest frames.");
        var command = new Command("show", "Show a recorded session and its frames.") { session, raw, last };
        var location = StoreOptions.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var id = parse.GetValue(session);
            var range = LastOption.Range(parse, last);
            await using var connection = StoreConnection.Open(location(parse));
            var frames = connection.Store.GetFramesAsync(id, range, cancellationToken);
            if (parse.GetValue(raw))
            {
                await RawFrames.WriteAsync(frames, flushes: false, cancellationToken);
                return 0;
            }

            if (await connection.Store.GetSessionAsync(id, cancellationToken) is not { } found)
            {
                await Console.Error.WriteLineAsync($"shadowcat: there is no session {id}");
                return 1;
            }

            var screen = Screen.Open();
            screen.Write(SessionDetails.Of(found));
            screen.Write(await FrameTable.OfAsync(frames, screen.Profile.Width, "Frames"));
            return 0;
        });
        return command;
    }
}
