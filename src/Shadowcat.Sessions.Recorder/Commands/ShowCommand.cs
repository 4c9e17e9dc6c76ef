using System.CommandLine;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Storing;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>show session</c>: what is known of a session, and its frames as a table or as they were on the wire.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var session = SessionArgument.Create();
        var raw = new Option<bool>("--raw") { Description = "Write the messages only, byte for byte, one a line." };
        var last = LastOption.Create("Only this many of the newest frames.");
        var json = JsonOption.Create("one object, with the session in 'session' and its frames in 'frames'");
        var command = new Command("show", "Show a recorded session and its frames.") { session, raw, last, json };
        command.Validators.Add(result => JsonOption.RefuseBoth(result, json, raw));
        var location = StoreOptions.AddTo(command);
        ExamplesInHelp.AddTo(
            command,
            ("show 01a22e35946e70d9bc0e42e6f512b7fb", "the session and all that was said"),
            ("show 01a22e35946e70d9bc0e42e6f512b7fb --last 20 --json", "what was said last, for a program"));
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
                await StandardError.Writer.WriteLineAsync($"shadowcat: there is no session {id}");
                return 1;
            }

            if (parse.GetValue(json))
            {
                await using var output = new JsonOutput();
                await output.WriteLineAsync(writer => SessionDocument.WriteAsync(writer, found, frames));
                return 0;
            }

            var screen = Screen.Open();
            screen.Write(SessionDetails.Of(found));
            screen.Write(await FrameTable.OfAsync(frames, screen.Profile.Width, "Frames"));
            return 0;
        });
        return command;
    }
}
