using System.CommandLine;
using Shadowcat.Sessions.Recorder.Analysis.Comparing;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>diff session|file session|file</c>: what differs between two recordings, with the exit code of tools that compare.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var first = RecordingArgument.Create("first");
        var second = RecordingArgument.Create("second", description: "What it is compared with: a session or an archive too.");
        var ignored = new Option<string[]>("--ignore")
        {
            Description = "A part of messages that may differ, such as result.content[*].text or params.arguments.date; may be given several times.",
            HelpName = "path",
        };
        ignored.Validators.Add(result =>
        {
            try
            {
                IgnoredPaths.Create(result.Tokens.Select(token => token.Value));
            }
            catch (FormatException exception)
            {
                result.AddError(exception.Message);
            }
        });
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var command = new VerdictCommand(
            "diff",
            "List what differs between two recordings. Ids, times, tokens, _meta and the order of what goes on at the same time are not compared. The exit code is 0 where nothing differs, 1 where something does, 2 where they could not be compared.")
        {
            first, second, ignored, json,
        };
        var location = StoreOptions.AddTo(command);
        ExamplesInHelp.AddTo(
            command,
            ("diff 01a22e35946e70d9bc0e42e6f512b7fb 01a22e35a34174d2acd2f8787b54d7f4", "two sessions"),
            ("diff expected.jsonl 01a22e35a34174d2acd2f8787b54d7f4", "what is otherwise than in an archive"),
            ("diff expected.jsonl actual.jsonl --ignore result.content[*].text --json", "two archives, without the texts of tools, for a program"));
        command.Judge(async (parse, cancellationToken) =>
        {
            var paths = IgnoredPaths.Create(parse.GetValue(ignored)!);
            await using var one = await RecordingSource.OpenAsync(parse.GetValue(first)!, location(parse), cancellationToken);
            await using var other = await RecordingSource.OpenAsync(parse.GetValue(second)!, location(parse), cancellationToken);
            var report = await RecordingComparison.RunAsync(Side(one), Side(other), paths, cancellationToken);
            if (parse.GetValue(json))
            {
                await StandardOutput.OpenText().WriteLineAsync(DifferenceJson.Of(report));
            }
            else
            {
                DifferenceText.Write(Screen.Open(), report);
            }

            return report.Differences.Count > 0;
        });
        return command;
    }

    private static RecordedSide Side(RecordingSource source) => new(source.Name, source.Store, source.Single());
}
