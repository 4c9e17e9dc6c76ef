using System.CommandLine;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Storing;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>delete session…</c>, or by the conditions of <c>list</c>: removes sessions with their frames.</summary>
internal static class DeleteCommand
{
    /// <summary>How many sessions are shown of those that are about to go.</summary>
    private const int Shown = 5;

    /// <summary>From how many on the work takes long enough to be watched.</summary>
    private const int Many = 100;

    /// <summary>How many are deleted at a time: a store writes several at once.</summary>
    private const int AtATime = 16;

    public static Command Create()
    {
        var named = SessionArgument.CreateMany();
        var all = new Option<bool>("--all") { Description = "Every session of the store, and what servers keep beside the sessions." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Delete what the options choose without a question. Sessions that are named by their ids are deleted without one in any case." };
        var json = JsonOption.Create("one object, {\"deleted\": 3}, and nothing of the sessions");
        var command = new Command("delete", "Delete recorded sessions and their frames: by their ids, or all that meet the conditions of 'list'.") { named, all, yes, json };
        var filter = SessionFilterOptions.AddTo(command);
        var location = StoreOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            var ways = new[] { result.GetResult(named) is { Tokens.Count: > 0 }, filter.HasCondition(result), result.GetValue(all) }.Count(static way => way);
            if (ways == 0)
            {
                result.AddError("Name sessions by their ids, or choose them by conditions such as --status failed or --until 30d; --all deletes every session.");
            }
            else if (ways > 1)
            {
                result.AddError("Give either ids, or conditions, or --all.");
            }
        });
        ExamplesInHelp.AddTo(
            command,
            ("delete 01a22e35946e70d9bc0e42e6f512b7fb", "one session"),
            ("delete --status failed --until 30d", "what failed and is older than 30 days"),
            ("delete --all --yes", "everything, without a question"));
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var connection = StoreConnection.Open(location(parse));
            if (parse.GetValue(named) is { Length: > 0 } ids)
            {
                return await DeleteAsync(connection.Store, ids, parse.GetValue(json), cancellationToken);
            }

            var sessions = parse.GetValue(all)
                ? connection.Store.ListSessionsAsync(new SessionFilter { Order = SessionOrder.NewestFirst }, cancellationToken)
                : filter.List(connection.Store, parse, cancellationToken);
            return await DeleteAsync(connection.Store, sessions, parse.GetValue(yes), parse.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> DeleteAsync(ISessionStore store, SessionId[] ids, bool asJson, CancellationToken cancellationToken)
    {
        var output = StandardOutput.OpenText();
        var (deleted, missing) = (0, 0);
        foreach (var id in ids.Distinct())
        {
            if (await store.DeleteSessionAsync(id, cancellationToken))
            {
                deleted++;
                await (asJson ? Task.CompletedTask : output.WriteLineAsync($"deleted {id}"));
            }
            else
            {
                missing++;
                await StandardError.Writer.WriteLineAsync($"shadowcat: there is no session {id}");
            }
        }

        await (asJson ? output.WriteLineAsync(JsonOutput.Counts(("deleted", deleted))) : Task.CompletedTask);
        return missing == 0 ? 0 : 1;
    }

    private static async Task<int> DeleteAsync(ISessionStore store, IAsyncEnumerable<Session> sessions, bool isAnswered, bool asJson, CancellationToken cancellationToken)
    {
        List<Session> first = [];
        List<SessionId> ids = [];
        await foreach (var session in sessions)
        {
            ids.Add(session.Id);
            if (first.Count < Shown)
            {
                first.Add(session);
            }
        }

        if (ids.Count > 0 && !await IsWantedAsync(asJson ? [] : first, ids.Count, isAnswered, cancellationToken))
        {
            return 1;
        }

        var deleted = 0;
        try
        {
            return await WorkProgress.RunAsync("deleting", ids.Count, Many, async progress =>
            {
                await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (id, stop) =>
                {
                    // What is gone meanwhile was deleted by somebody else.
                    progress.Report(await store.DeleteSessionAsync(id, stop) ? Interlocked.Increment(ref deleted) : Volatile.Read(ref deleted));
                });
                return 0;
            });
        }
        finally
        {
            await StandardOutput.OpenText().WriteLineAsync(asJson ? JsonOutput.Counts(("deleted", deleted)) : $"deleted {deleted} sessions");
        }
    }

    private static async Task<bool> IsWantedAsync(List<Session> first, int count, bool isAnswered, CancellationToken cancellationToken)
    {
        if (first.Count > 0)
        {
            var screen = Screen.Open();
            screen.Write(SessionTable.Of(first, screen.Profile.Width));
            await (count > first.Count ? screen.Profile.Out.Writer.WriteLineAsync($"and {count - first.Count} more") : Task.CompletedTask);
        }

        if (isAnswered)
        {
            return true;
        }

        if (!Question.CanBeAsked)
        {
            await StandardError.Writer.WriteLineAsync($"shadowcat: {count} sessions would be deleted, but there is no terminal to ask at: give --yes");
            return false;
        }

        var answer = await Question.AskAsync($"Delete {(count == 1 ? "this session" : $"these {count} sessions")} and all frames?", cancellationToken);
        if (!answer)
        {
            await StandardError.Writer.WriteLineAsync("nothing is deleted");
        }

        return answer;
    }
}
