using System.CommandLine;
using Shadowcat.Sessions.Recorder.Analysis.Statistics;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Storing;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>stats [session|file]</c>: how often methods were called, how they failed, and how long they took.</summary>
internal static class StatsCommand
{
    public static Command Create()
    {
        var recording = RecordingArgument.Create(
            arity: ArgumentArity.ZeroOrOne, description: "The id of a session, as 'list' shows it, or an archive, as 'export' writes it; all sessions of the store where it is left out.");
        var json = new Option<bool>("--json") { Description = "Write JSON. Durations are in milliseconds." };
        var command = new Command("stats", "Show calls, errors, durations and bytes of each method and tool, of one session or of all.") { recording, json };
        var filter = SessionFilterOptions.AddTo(command);
        var filters = command.Options.Where(option => option != json).ToList();
        command.Validators.Add(result =>
        {
            if (result.GetValue(recording) is not null && filters.Exists(option => result.GetResult(option) is { Implicit: false }))
            {
                result.AddError("Give either a session or what chooses sessions, such as --client.");
            }
        });
        var location = StoreOptions.AddTo(command);
        ExamplesInHelp.AddTo(
            command,
            ("stats", "all sessions"),
            ("stats --server files --since 7d", "the sessions of a server in the last week"),
            ("stats 01a22e35946e70d9bc0e42e6f512b7fb --json", "one session, for a program"));
        command.SetAction(async (parse, cancellationToken) =>
        {
            var statistics = new ConversationStatistics();
            if (parse.GetValue(recording) is { } name)
            {
                await using var source = await RecordingSource.OpenAsync(name, location(parse), cancellationToken);
                await AddAsync(statistics, source.Store, source.Sessions.ToAsyncEnumerable(), cancellationToken);
            }
            else
            {
                await using var connection = StoreConnection.Open(location(parse));
                await AddAsync(statistics, connection.Store, filter.List(connection.Store, parse, cancellationToken), cancellationToken);
            }

            if (parse.GetValue(json))
            {
                await StandardOutput.OpenText().WriteLineAsync(StatisticsJson.Of(statistics));
            }
            else
            {
                StatisticsTable.Write(Screen.Open(), statistics);
            }

            return 0;
        });
        return command;
    }

    private static async Task AddAsync(ConversationStatistics statistics, ISessionStore store, IAsyncEnumerable<Session> sessions, CancellationToken cancellationToken)
    {
        await foreach (var session in sessions.WithCancellation(cancellationToken))
        {
            try
            {
                await statistics.AddAsync(store.GetFramesAsync(session.Id, cancellationToken: cancellationToken), cancellationToken);
            }
            catch (SessionNotFoundException)
            {
                // It was deleted or expired while the others were read; what was read of it counts.
            }
        }
    }
}
