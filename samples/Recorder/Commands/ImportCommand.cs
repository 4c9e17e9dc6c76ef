using System.CommandLine;
using Shadowcat.Sessions;

namespace Recorder.Commands;

/// <summary><c>import file</c>: reads an archive into the store; an import that was interrupted is continued.</summary>
internal static class ImportCommand
{
    private const string StandardInput = "-";

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The archive; '-' for the standard input. Importing it again changes nothing, and goes on where it stopped." };
        var command = new Command("import", "Read an archive of sessions into the store.") { file };
        var redis = RedisOption.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var source = parse.GetValue(file) is { } path && path != StandardInput ? File.OpenRead(path) : Console.OpenStandardInput();
            await using var connection = StoreConnection.Open(redis(parse));
            var read = await connection.Store.ImportSessionsAsync(source, cancellationToken: cancellationToken);
            await Console.Error.WriteLineAsync($"imported {read.Sessions} sessions, {read.Frames} frames");
            return 0;
        });
        return command;
    }
}
