using System.CommandLine;
using System.Globalization;
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
            var opens = !parse.GetValue(noBrowser);
            if (parse.GetValue(recording) is not { } name)
            {
                await using var connection = StoreConnection.Open(where);
                await InspectorHost.RunAsync(connection.Store, $"{where}", ReplayCommandOf(where), parse.GetValue(port), address => Show(address, opens), stop);
                return 0;
            }

            await using var source = await RecordingSource.OpenAsync(name, where, stop);
            var (description, replay) = source.File is { } file ? (file, $"{OwnExecutable.InWords} replay {{session}}") : ($"{where}", ReplayCommandOf(where));
            var place = source is { File: null } or { Sessions.Count: 1 } ? $"#/s/{Uri.EscapeDataString(source.Sessions[0].Id.Value)}" : "";
            await InspectorHost.RunAsync(source.Store, description, source.File is null ? replay : null, parse.GetValue(port), address => Show(new Uri(address, $"{address.PathAndQuery}{place}"), opens), stop);
            return 0;
        });
        return command;
    }

    private static void Show(Uri address, bool opens)
    {
        Console.Error.WriteLine($"shadowcat: inspect at {address.AbsoluteUri}");
        Console.Error.WriteLine(opens && Browser.TryOpen(address) ? "shadowcat: opened in the browser; Ctrl+C ends it" : "shadowcat: open that address in a browser of this machine; Ctrl+C ends it");
    }

    /// <summary>A connection may hold a password, which is not for a page.</summary>
    private static string ReplayCommandOf(StoreLocation where) =>
        where.File is { } file ? $"{OwnExecutable.InWords} replay {{session}} --store {SafeText.Of(file)}" : $"{OwnExecutable.InWords} replay {{session}} --redis <connection>";
}
