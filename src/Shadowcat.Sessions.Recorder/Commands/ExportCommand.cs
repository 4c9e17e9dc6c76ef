using System.CommandLine;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Exporting;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>export session [file]</c>: writes a session as an archive, a page, HAR or spans; an archive that was interrupted is continued.</summary>
internal static class ExportCommand
{
    /// <summary>From how many frames on the work takes long enough to be watched.</summary>
    private const long ManyFrames = 5000;

    public static Command Create()
    {
        var session = RecordingArgument.Create();
        var file = new Argument<FileInfo?>("file")
        {
            Description = "Where to; the standard output where it is left out. A file that is made is for its user alone. One with the beginning of this very archive is continued; for the other formats, a file that exists is refused.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var format = new Option<string?>("--format")
        {
            Description = "jsonl: the archive, which 'import' reads. html: a page that needs nothing but a browser. har: HTTP Archive 1.2, of recordings of HTTP. otlp: spans as OTLP/JSON, 500 in a line. Left out, a file name that ends in .html, .htm or .har says it; else it is jsonl.",
            HelpName = string.Join('|', ExportFormats.Names),
        };
        format.AcceptOnlyFromAmong(ExportFormats.Names);
        var force = new Option<bool>("--force") { Description = "Write a file anew that exists." };
        var command = new Command("export", "Write a session with its frames for others: as an archive, a page, HAR or spans.") { session, file, format, force };
        var location = StoreOptions.AddTo(command);
        ExamplesInHelp.AddTo(
            command,
            ("export 01a22e35946e70d9bc0e42e6f512b7fb session.jsonl", "into a file"),
            ("export 01a22e35946e70d9bc0e42e6f512b7fb session.html", "as a page for a browser"),
            ("export 01a22e35946e70d9bc0e42e6f512b7fb --format otlp | gzip > spans.jsonl.gz", "spans, into a pipe"));
        command.SetAction(async (parse, cancellationToken) =>
        {
            var target = parse.GetValue(file);
            var chosen = ExportFormats.Choose(parse.GetValue(format), target?.Name);

            // Asked first: where nothing can be written, no empty file is left.
            await using var source = await RecordingSource.OpenAsync(parse.GetValue(session)!, location(parse), cancellationToken);
            var found = source.Single();
            if (chosen.WhyNot(found) is { } reason)
            {
                await StandardError.Writer.WriteLineAsync($"shadowcat: {reason}");
                return 1;
            }

            var written = target is null
                ? await WriteAsync(StandardOutput.Open())
                : await ExportFile.WriteAsync(target.FullName, chosen, parse.GetValue(force), WriteAsync);
            await StandardError.Writer.WriteLineAsync($"exported {written}");
            return 0;

            async Task<string> WriteAsync(Stream destination)
            {
                var total = found.FrameCount < ManyFrames || chosen.IsContinued ? found.FrameCount : (long?)null;
                var what = await WorkProgress.RunAsync("exporting", total, ManyFrames, progress => chosen.WriteAsync(source.Store, found, destination, progress, cancellationToken));
                await destination.FlushAsync(cancellationToken);
                return what;
            }
        });
        return command;
    }
}
