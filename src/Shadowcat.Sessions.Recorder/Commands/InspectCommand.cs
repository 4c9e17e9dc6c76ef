using System.CommandLine;
using System.Globalization;
using Shadowcat.Sessions.Inspector;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Exporting;
using Shadowcat.Sessions.Recorder.Inspecting;
using Shadowcat.Sessions.Recorder.Starting;
using Shadowcat.Sessions.Recorder.Storing;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>inspect [session|file]</c>: the recordings as a page in the browser, until it is stopped.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var recording = RecordingArgument.Create(
            arity: ArgumentArity.ZeroOrOne,
            description: "The session to open the page at, by its id; or an archive to show instead of the store, as 'export' writes it. All sessions of the store where it is left out.");
        var port = new Option<int>("--port")
        {
            Description = "The port to listen at, 1 to 65535; one that is free where it is left out.",
            HelpName = "number",
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535)
                {
                    return number;
                }

                result.AddError($"'--port' takes a number from 1 to 65535; '{result.Tokens[0].Value}' is none.");
                return 0;
            },
        };
        var noBrowser = new Option<bool>("--no-browser") { Description = "Print the address only, and open no browser." };
        var command = new Command("inspect", "See the recordings in the browser: live, searched, charted and compared. For browsers of this machine only.") { recording, port, noBrowser };
        var location = StoreOptions.AddTo(command);
        ExamplesInHelp.AddTo(
            command,
            ("inspect", "all that was recorded, in a browser"),
            ("inspect session.jsonl", "an archive, which changes no store"),
            ("inspect --redis localhost:6379 --no-browser", "what servers record in Redis; prints the address"));
        command.SetAction(async (parse, stop) =>
        {
            var where = location(parse);
            if (parse.GetValue(recording) is not { } name)
            {
                await using var connection = StoreConnection.Open(where);
                await RunAsync(connection.Store, null, "");
                return 0;
            }

            await using var source = await RecordingSource.OpenAsync(name, where, stop);
            await RunAsync(source.Store, source.File, source.Sessions is [var session] ? $"#/s/{Uri.EscapeDataString(session.Id.Value)}" : "");
            return 0;

            Task RunAsync(ISessionStore store, string? file, string place) => InspectorHost.RunAsync(
                store, options => Describe(options, where, file), parse.GetValue(port), address => Show(new Uri(address.AbsoluteUri + place), !parse.GetValue(noBrowser)), stop);
        });
        return command;
    }

    private static void Describe(SessionInspectorOptions options, StoreLocation where, string? file)
    {
        options.StoreDescription = file ?? $"{where}";

        // A session of an archive is in no store that could be named.
        options.ReplayCommand = file is null ? ReplayCommandOf(where) : null;
        foreach (var format in ExportFormats.BesideInspector)
        {
            options.AddExport(format.Name, (store, id, destination, cancellationToken) => WriteAsync(format, store, id, destination, cancellationToken));
        }
    }

    private static async Task WriteAsync(IExportFormat format, ISessionStore store, SessionId id, Stream destination, CancellationToken cancellationToken)
    {
        var session = await store.GetSessionAsync(id, cancellationToken) ?? throw new SessionNotFoundException("ExportSession", id);
        if (format.WhyNot(session) is { } reason)
        {
            throw new NotSupportedException(reason);
        }

        await format.WriteAsync(store, session, destination, WorkProgress.None, cancellationToken);
    }

    private static void Show(Uri address, bool opens)
    {
        StandardError.Writer.WriteLine($"shadowcat: inspect at {address.AbsoluteUri}");
        StandardError.Writer.WriteLine(opens && Browser.TryOpen(address) ? "shadowcat: opened in the browser; Ctrl+C ends it" : "shadowcat: open that address in a browser of this machine; Ctrl+C ends it");
    }

    /// <summary>A connection may hold a password, which is not for a page: that of Redis is left to be filled in.</summary>
    private static string ReplayCommandOf(StoreLocation where) => $"{OwnExecutable.InWords} replay {{session}} [--from {{sequence}}]" + where.File switch
    {
        null => " --redis <connection>",
        var file when file == StoreLocation.FileOfUser => "",
        var file => $" --store '{file.Replace("'", @"'\''", StringComparison.Ordinal)}'",
    };
}
