using System.Globalization;
using Shadowcat.Sessions.Chaos.Checking;
using Spectre.Console;

namespace Shadowcat.Sessions.Chaos.Reporting;

/// <summary>The results as a table, and below it what was broken.</summary>
internal static class ResultTable
{
    private const string None = "—";

    public static void Print(IReadOnlyList<ScenarioResult> results)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("scenario");
        foreach (var column in (string[])
            ["disturbed", "acknowledged", "reported failed", "lost", "doubled", "misplaced", "sessions, keys", "other", "longest call", "stalled", "back to normal (worst)", "lost by servers", ""])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var result in results)
        {
            table.AddRow(
                new Text(result.Name),
                Count(result.Disturbances),
                Count(result.Appended),
                Count(result.Failures.Values.Sum()),
                Bad(result.Of(Breach.Lost)),
                Bad(result.Of(Breach.Doubled)),
                Bad(result.Of(Breach.Misplaced, Breach.Changed, Breach.DoneAllTheSame, Breach.History)),
                Bad(result.Of(Breach.Session, Breach.Orphan)),
                Bad(result.Of(Breach.Error, Breach.Late, Breach.Hung, Breach.SlowRecovery, Breach.Collateral, Breach.OldLoss)),
                Milliseconds(result.LongestCall),
                Milliseconds(result.Stalled),
                new Text($"{Text(result.MedianRecovery)} ({Text(result.LongestRecovery)})"),
                Count(result.LostByServers),
                new Markup(result.Kept ? "[green]kept[/]" : "[red]BROKEN[/]"));
        }

        AnsiConsole.Write(table);
        AnsiConsole.MarkupLineInterpolated(
            $"{results.Sum(result => result.Appended):N0} frames acknowledged in all, {results.Sum(result => result.Disturbances):N0} disturbances, back to normal within {Text(results.Max(result => result.LongestRecovery))} of each return, {results.Sum(result => result.Of(Breach.Lost)):N0} lost, {results.Sum(result => result.Of(Breach.Doubled)):N0} doubled.");
        foreach (var result in results)
        {
            if (result.Judged is { } judged)
            {
                AnsiConsole.MarkupLineInterpolated($"{result.Name}: {judged.Operations:N0} operations on {judged.Sessions:N0} sessions judged, {judged.Undecided:N0} sessions undecided.");
                AnsiConsole.MarkupLineInterpolated($"{result.Name}: after each of {result.Disturbances:N0} disturbances every store wrote again, after {Text(result.MedianRecovery)} (median) and {Text(result.LongestRecovery)} (worst).");
            }

            foreach (var description in result.Descriptions)
            {
                AnsiConsole.MarkupLineInterpolated($"[red]{result.Name}: {description}[/]");
            }

            foreach (var piece in result.Pieces.Concat(result.Events))
            {
                AnsiConsole.WriteLine(piece);
            }
        }
    }

    private static Text Count(long number) => new(number.ToString("N0", CultureInfo.InvariantCulture));

    private static Markup Bad(int number) => new(number == 0 ? "0" : $"[red]{number}[/]");

    private static Text Milliseconds(double? value) => new(Text(value));

    private static string Text(double? value) => value is { } milliseconds ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds:N0} ms") : None;
}
