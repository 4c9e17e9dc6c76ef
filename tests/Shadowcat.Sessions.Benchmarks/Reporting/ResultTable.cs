using Shadowcat.Sessions.Benchmarks.Rows;
using Spectre.Console;

namespace Shadowcat.Sessions.Benchmarks.Reporting;

/// <summary>The results as a table.</summary>
internal static class ResultTable
{
    private const string None = "—";

    public static void Print(IReadOnlyList<RowResult> results)
    {
        var table = new Table().Border(TableBorder.Rounded).ShowRowSeparators();
        table.AddColumn("row");
        foreach (var column in (string[])["ours", "reference", "ratio (middle half)", "good / wanted", "p50", "p95", "p99", "B/op"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var result in results)
        {
            table.AddRow(
                new Markup($"{Markup.Escape(result.Row.Name)}\n[grey]{Markup.Escape(result.Row.Subject)}[/]"),
                new Text($"{Numbers.Text(result.Figures.Ours)} {result.Row.Unit}"),
                new Text(result.Figures.Reference is { } reference ? Numbers.Text(reference) : None),
                new Text(Ratio(result)),
                new Markup(Verdict(result)),
                Milliseconds(result.Latencies?.P50),
                Milliseconds(result.Latencies?.P95),
                Milliseconds(result.Latencies?.P99),
                new Text(result.Allocated is { } allocated ? Numbers.Text(allocated) : None));
        }

        AnsiConsole.Write(table);
    }

    public static string Summary(RowResult result) =>
        $"{Numbers.Text(result.Figures.Ours)} {result.Row.Unit}, reference {(result.Figures.Reference is { } reference ? Numbers.Text(reference) : None)}, ratio {Ratio(result)}";

    private static Text Milliseconds(double? value) => new(value is { } milliseconds ? Numbers.Duration(milliseconds) : None);

    private static string Ratio(RowResult result) => result.Figures.Ratio is { } ratio
        ? $"{Numbers.Text(ratio.Median)} ({Numbers.Text(ratio.Lower)}–{Numbers.Text(ratio.Upper)})"
        : None;

    private static string Verdict(RowResult result)
    {
        if (result.Row.Goal is not { } goal)
        {
            return None;
        }

        var sign = goal.AtMost ? "≤" : "≥";
        var asked = $"{sign} {Numbers.Text(goal.Good)} / {Numbers.Text(goal.Wanted)}";
        return goal.Meets(result.Value, goal.Wanted) ? $"[green]{asked}[/]\nwanted"
            : goal.Meets(result.Value, goal.Good) ? $"[yellow]{asked}[/]\ngood"
            : $"[red]{asked}[/]\nmissed";
    }
}
