using System.CommandLine;
using System.Globalization;
using Shadowcat.Sessions.Recorder.Analysis.Checking;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>check session|file</c>: what is wrong in a conversation, with an exit code for scripts.</summary>
internal static class CheckCommand
{
    private static readonly TimeSpan MaxSlow = TimeSpan.FromDays(1);

    public static Command Create()
    {
        var recording = RecordingArgument.Create();
        var format = new Option<CheckFormat>("--format") { Description = "How to write what was found; text where it is left out.", HelpName = "text|json|junit|sarif" };
        var failOn = new Option<Severity?>("--fail-on") { Description = "The exit code is 1 where something is as bad, or worse; error where it is left out.", HelpName = "error|warning|note" };
        var ignored = new Option<string[]>("--ignore") { Description = $"A rule to leave out; may be given several times. The rules: {string.Join(", ", CheckRules.All.Select(rule => rule.Id))}.", HelpName = "rule" };
        ignored.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => CheckRules.All.All(rule => rule.Id != token.Value)))
            {
                result.AddError($"There is no rule '{token.Value}': 'check --help' lists them.");
            }
        });
        var slow = Slow();
        var command = new VerdictCommand("check", "Find what is wrong in a recorded conversation. The exit code is 0 where nothing is, 1 where something is, 2 where it could not be looked for.")
        {
            recording, format, failOn, ignored, slow,
        };
        var location = StoreOptions.AddTo(command);
        ExamplesInHelp.AddTo(
            command,
            ("check 01a22e35946e70d9bc0e42e6f512b7fb", "what is wrong in a session"),
            ("check session.jsonl --fail-on warning --slow 2", "an archive, strictly: warnings fail too, and 2 seconds are too long"),
            ("check session.jsonl --format sarif > check.sarif", "for code scanning; --format junit for the tests of a build server"),
            ("check session.jsonl --ignore tool-error", "tools may fail"));
        command.Judge(async (parse, cancellationToken) =>
        {
            var options = new CheckOptions { Ignored = parse.GetValue(ignored)!.ToHashSet(StringComparer.Ordinal) };
            options = parse.GetValue(slow) is { } late ? options with { Slow = late } : options;
            await using var source = await RecordingSource.OpenAsync(parse.GetValue(recording)!, location(parse), cancellationToken);
            List<CheckReport> reports = [];
            foreach (var session in source.Sessions)
            {
                var frames = source.Store.GetFramesAsync(session.Id, cancellationToken: cancellationToken);
                reports.Add(await ConversationCheck.RunAsync(session, frames, options, cancellationToken));
            }

            var failing = parse.GetValue(failOn) ?? Severity.Error;
            await WriteAsync(parse.GetValue(format), reports, failing, source.File);
            return reports.Any(report => report.Has(failing));
        });
        return command;
    }

    private static async Task WriteAsync(CheckFormat format, IReadOnlyList<CheckReport> reports, Severity failing, string? file)
    {
        if (format == CheckFormat.Text)
        {
            CheckText.Write(Screen.Open(), reports);
            return;
        }

        await StandardOutput.OpenText().WriteLineAsync(format switch
        {
            CheckFormat.Json => CheckJson.Of(reports),
            CheckFormat.Junit => JUnitReport.Of(reports, failing),
            _ => SarifReport.Of(reports, file),
        });
    }

    private static Option<TimeSpan?> Slow() => new("--slow")
    {
        Description = $"An answer that takes longer than so many seconds is late; {new CheckOptions().Slow.TotalSeconds} where it is left out.",
        HelpName = "seconds",
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 && seconds <= MaxSlow.TotalSeconds)
            {
                return TimeSpan.FromSeconds(seconds);
            }

            result.AddError($"'--slow' takes seconds, such as 2.5; '{result.Tokens[0].Value}' is no such number.");
            return null;
        },
    };
}
