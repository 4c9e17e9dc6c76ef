using System.Globalization;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Terminal;
using Spectre.Console;

namespace Shadowcat.Sessions.Recorder.Analysis.Statistics;

/// <summary>The figures of methods, one a row, and a chart of the slow ones.</summary>
internal static class StatisticsTable
{
    private const string Method = "Method";
    private const int MinMethod = 14;
    private const int MaxBars = 8;
    private const int ShareOfLabels = 3;
    private const int MaxChart = 100;
    private const int Median = 50;
    private const int High = 95;
    private const int Highest = 99;

    private static readonly string[] Headers = [Method, "From", "Calls", "Errors", "Open", "p50", "p95", "p99", "Slowest", "Bytes"];

    /// <summary>What a narrow screen does without; <c>--json</c> has it.</summary>
    private static readonly string[] Dispensable = ["From", "Open", "p99", "Bytes", "p50", "Slowest"];

    public static void Write(IAnsiConsole screen, ConversationStatistics statistics)
    {
        var methods = statistics.Methods;
        screen.Write(Methods(methods, screen.Profile.Width));
        Chart(screen, methods);
        if (methods.Where(static method => method.Figures.Slowest is not null).MaxBy(static method => method.Figures.Slowest!.Duration) is { Figures.Slowest: { } slowest } slow)
        {
            screen.Write(new Text($"Slowest: {SafeText.Of(slow.Key.Title)}, {Amounts.Of(slowest.Duration)}, #{slowest.Sequence} of {slowest.Session}"));
            screen.WriteLine();
        }

        screen.WriteLine($"{Amounts.Of(statistics.Sessions, "session")}, {Amounts.Of(statistics.Frames, "frame")}, {Amounts.OfBytes(statistics.Bytes)}");
    }

    private static Table Methods(IReadOnlyList<(CountedMethod Key, MethodStatistics Figures)> methods, int width)
    {
        List<string[]> rows = [.. methods.Select(static method => Row(method.Key, method.Figures))];
        var columns = NarrowColumns.Choose(Headers, rows, Dispensable, Method, MinMethod, width, out var room);
        var table = new Table().Border(TableBorder.Rounded).Title("Methods");
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Headers[column]) { Alignment = Headers[column] is Method or "From" ? Justify.Left : Justify.Right, NoWrap = true });
        }

        foreach (var row in rows)
        {
            table.AddRow(columns.Select(column => new Text(Headers[column] == Method ? SafeText.Cut(row[column], room) : row[column])));
        }

        return table;
    }

    private static string[] Row(CountedMethod key, MethodStatistics figures) =>
    [
        SafeText.Of(key.Title),
        key.From == MessageDirection.ClientToServer ? "client" : "server",
        Number(figures.Calls),
        key.IsNotification ? "" : Number(figures.Errors),
        key.IsNotification ? "" : Number(figures.Unanswered),
        Duration(figures.Percentile(Median)),
        Duration(figures.Percentile(High)),
        Duration(figures.Percentile(Highest)),
        Duration(figures.Slowest?.Duration),
        Amounts.OfBytes(figures.Bytes),
    ];

    private static void Chart(IAnsiConsole screen, IReadOnlyList<(CountedMethod Key, MethodStatistics Figures)> methods)
    {
        var slow = methods.Where(static method => method.Figures.Percentile(High) is not null).OrderByDescending(static method => method.Figures.Percentile(High)).Take(MaxBars).ToList();
        if (slow.Count == 0)
        {
            return;
        }

        var width = Math.Min(screen.Profile.Width, MaxChart);
        var chart = new BarChart { Width = width, ShowValues = true, ValueFormatter = static (milliseconds, _) => Amounts.Of(TimeSpan.FromMilliseconds(milliseconds)) };
        foreach (var (key, figures) in slow)
        {
            var label = Markup.Escape(SafeText.Cut(SafeText.Of(key.Title), width / ShareOfLabels));
            chart.AddItem(label, figures.Percentile(High)!.Value.TotalMilliseconds, Color.Teal);
        }

        screen.WriteLine("p95 of the slowest");
        screen.Write(chart);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Duration(TimeSpan? duration) => duration is { } known ? Amounts.Of(known) : "";
}
