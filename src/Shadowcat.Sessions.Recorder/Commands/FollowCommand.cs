using System.CommandLine;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Proxying;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>follow session</c>: its frames as they come, until it is closed.</summary>
internal static class FollowCommand
{
    public static Command Create()
    {
        var session = SessionArgument.Create();
        var raw = new Option<bool>("--raw") { Description = "Write the messages only, byte for byte, one a line." };
        var last = LastOption.Create("Begin with this many of the newest frames; with all of them where it is left out.");
        var command = new Command("follow", "Show the frames of a session as they come, until it is closed.") { session, raw, last };
        var location = StoreOptions.AddTo(command);
        command.SetAction(async (parse, stop) =>
        {
            var range = LastOption.Range(parse, last);
            await using var connection = StoreConnection.Open(location(parse));
            var frames = connection.Store.FollowFramesAsync(parse.GetValue(session), range, stop);
            try
            {
                await (parse.GetValue(raw) ? RawFrames.WriteAsync(frames, flushes: true, stop) : WriteLinesAsync(frames));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Whoever follows an open session ends that way.
            }

            return 0;
        });
        return command;
    }

    private static async Task WriteLinesAsync(IAsyncEnumerable<MessageEnvelope> frames)
    {
        var screen = Screen.Open();
        await using var output = StandardOutput.OpenText();
        await foreach (var frame in frames)
        {
            await output.WriteLineAsync(FrameLine.Of(frame, screen.Profile.Width));
        }
    }
}
