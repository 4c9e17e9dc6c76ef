using System.CommandLine;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Proxying;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>export session [file]</c>: writes a session as an archive; an export that was interrupted is continued.</summary>
internal static class ExportCommand
{
    /// <summary>From how many frames on the work takes long enough to be watched.</summary>
    private const long ManyFrames = 5000;

    public static Command Create()
    {
        var session = SessionArgument.Create();
        var file = new Argument<FileInfo?>("file")
        {
            Description = "Where to; the standard output where it is left out. A file that is made is for its user alone. One with the beginning of this very export is continued.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("export", "Write a session with its frames as lines of JSON.") { session, file };
        var location = StoreOptions.AddTo(command);
        ExamplesInHelp.AddTo(
            command,
            ("export 01a22e35946e70d9bc0e42e6f512b7fb session.jsonl", "into a file"),
            ("export 01a22e35946e70d9bc0e42e6f512b7fb | gzip > session.jsonl.gz", "into a pipe"));
        command.SetAction(async (parse, cancellationToken) =>
        {
            var id = parse.GetValue(session);
            await using var connection = StoreConnection.Open(location(parse));

            // Asked first: where there is none, no empty file is left.
            var found = await connection.Store.GetSessionAsync(id, cancellationToken) ?? throw new SessionNotFoundException("ExportSession", id);

            await using var destination = parse.GetValue(file) is { } target
                ? SessionArchive.OpenFile(target.FullName)
                : StandardOutput.Open();
            var written = await WorkProgress.RunAsync(
                "exporting",
                found.FrameCount,
                ManyFrames,
                progress => connection.Store.ExportSessionAsync(id, destination, progress.From<SessionArchiveProgress>(report => report.Frames), cancellationToken));
            await destination.FlushAsync(cancellationToken);
            await Console.Error.WriteLineAsync($"exported {written.Frames} frames, {written.Bytes} bytes");
            return 0;
        });
        return command;
    }
}
