using System.CommandLine;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Storing;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>follow session</c>: its frames as they come, until it is closed.</summary>
internal static class FollowCommand
{
    public static Command Create()
    {
        var session = SessionArgument.Create();
        var raw = new Option<bool>("--raw") { Description = "Write the messages only, byte for byte, one a line." };
        var last = LastOption.Create("Begin with this many of the newest frames; with all of them where it is left out.");
        var json = JsonOption.Create("a line for each frame");
        var command = new Command("follow", "Show the frames of a session as they come, until it is closed.") { session, raw, last, json };
        command.Validators.Add(result => JsonOption.RefuseBoth(result, json, raw));
        var location = StoreOptions.AddTo(command);
        ExamplesInHelp.AddTo(
            command,
            ("follow 01a22e35946e70d9bc0e42e6f512b7fb --last 0", "from now on"),
            ("follow 01a22e35946e70d9bc0e42e6f512b7fb --json", "all from the beginning, for a program"));
        command.SetAction(async (parse, stop) =>
        {
            var range = LastOption.Range(parse, last);
            await using var connection = StoreConnection.Open(location(parse));
            var frames = connection.Store.FollowFramesAsync(parse.GetValue(session), range, stop);
            try
            {
                await ((parse.GetValue(raw), parse.GetValue(json)) switch
                {
                    (true, _) => RawFrames.WriteAsync(frames, flushes: true, stop),
                    (_, true) => WriteJsonAsync(frames, stop),
                    _ => WriteLinesAsync(frames),
                });
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Whoever follows an open session ends that way.
            }

            return 0;
        });
        return command;
    }

    private static async Task WriteJsonAsync(IAsyncEnumerable<MessageEnvelope> frames, CancellationToken stop)
    {
        await using var output = new JsonOutput();
        await foreach (var frame in frames)
        {
            output.WriteLine(writer => FrameDocument.Write(writer, frame));
            await output.FlushAsync(stop);
        }
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
