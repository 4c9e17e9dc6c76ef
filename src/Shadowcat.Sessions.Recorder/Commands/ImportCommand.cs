using System.CommandLine;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Storing;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>import file</c>: reads an archive into the store; an import that was interrupted is continued.</summary>
internal static class ImportCommand
{
    private const string FromInput = "-";

    /// <summary>From how many bytes on the work takes long enough to be watched.</summary>
    private const long LongFile = 1024 * 1024;

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The archive; '-' for the standard input. Importing it again changes nothing, and goes on where it stopped." };
        var keepOwner = new Option<bool>("--keep-owner") { Description = "Let sessions belong to whom the archive says; else they belong to nobody." };
        var keepTransportId = new Option<bool>("--keep-transport-id") { Description = "Let sessions keep what the transport called them, with which they can go on." };
        var keepAttributes = new Option<bool>("--keep-attributes") { Description = "Let sessions keep what an application noted of them, which it may act on." };
        var keepLifetimes = new Option<bool>("--keep-lifetimes") { Description = "Let sessions live as long as the archive says; else as the store's do." };
        var json = JsonOption.Create("one object, {\"sessions\": 1, \"frames\": 20}");
        var command = new Command("import", "Read an archive of sessions into the store.") { file, keepOwner, keepTransportId, keepAttributes, keepLifetimes, json };
        var location = StoreOptions.AddTo(command);
        ExamplesInHelp.AddTo(
            command,
            ("import session.jsonl", "what 'export' wrote"),
            ("import - < session.jsonl", "from the standard input"));
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var source = parse.GetValue(file) is { } path && path != FromInput ? File.OpenRead(path) : StandardInput.Open();
            await using var connection = StoreConnection.Open(location(parse));
            var options = new SessionImportOptions
            {
                KeepOwner = parse.GetValue(keepOwner),
                KeepTransportSessionId = parse.GetValue(keepTransportId),
                KeepAttributes = parse.GetValue(keepAttributes),
                KeepLifetimes = parse.GetValue(keepLifetimes),
            };
            var read = await WorkProgress.RunAsync(
                "importing",
                source.CanSeek ? source.Length : null,
                LongFile,
                progress => connection.Store.ImportSessionsAsync(source, options, progress.From<SessionArchiveProgress>(_ => source.CanSeek ? source.Position : 0), cancellationToken));
            await StandardError.Writer.WriteLineAsync($"imported {read.Sessions} sessions, {read.Frames} frames");
            if (parse.GetValue(json))
            {
                await StandardOutput.OpenText().WriteLineAsync(JsonOutput.Counts(("sessions", read.Sessions), ("frames", read.Frames)));
            }

            return 0;
        });
        return command;
    }
}
