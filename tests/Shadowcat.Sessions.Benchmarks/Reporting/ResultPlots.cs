using ScottPlot;
using ScottPlot.TickGenerators;
using Shadowcat.Sessions.Benchmarks.Rows;

namespace Shadowcat.Sessions.Benchmarks.Reporting;

/// <summary>The results as pictures, on logarithmic axes: the rows lie orders of magnitude apart.</summary>
internal static class ResultPlots
{
    private const int Width = 1000;
    private const int HeightPerRow = 30;
    private const int HeightBeside = 150;

    private static readonly Color Met = Color.FromHex("#2E7D32");
    private static readonly Color Good = Color.FromHex("#F9A825");
    private static readonly Color Missed = Color.FromHex("#C62828");

    /// <summary>Draws <c>ratios.svg</c> and <c>latencies.svg</c>.</summary>
    public static void Draw(DirectoryInfo folder, IReadOnlyList<RowResult> results)
    {
        folder.Create();
        var ratios = results.Where(result => result.Row.Goal is not { OfRatio: false }).Reverse().ToList();
        if (ratios.Count > 0)
        {
            Save(Ratios(ratios), folder, "ratios.svg", ratios.Count);
        }

        var latencies = results.Where(result => result.Latencies is not null).Reverse().ToList();
        if (latencies.Count > 0)
        {
            Save(Latencies(latencies), folder, "latencies.svg", latencies.Count);
        }
    }

    private static Plot Ratios(List<RowResult> results)
    {
        var plot = new Plot();
        plot.Title("Ours ÷ reference: median, and the middle half of the rounds");
        for (var i = 0; i < results.Count; i++)
        {
            var (goal, ratio) = (results[i].Row.Goal, results[i].Figures.Ratio!);
            var color = goal is null ? Colors.Gray : goal.Meets(ratio.Median, goal.Wanted) ? Met : goal.Meets(ratio.Median, goal.Good) ? Good : Missed;
            plot.Add.Bar(new Bar { Position = i, Value = Log(ratio.Median), Size = 0.6, FillColor = color, LineWidth = 0, Orientation = Orientation.Horizontal });
            plot.Add.Line(Log(ratio.Lower), i, Log(ratio.Upper), i).LineStyle = new LineStyle(2, Colors.Black);
            if (goal is not null)
            {
                Mark(plot, goal.Good, i, LinePattern.Dotted);
                Mark(plot, goal.Wanted, i, LinePattern.Solid);
            }
        }

        plot.Add.VerticalLine(0, 1, Colors.Black);
        plot.Legend.ManualItems.AddRange(
        [
            new LegendItem { LabelText = "what is wanted", FillColor = Met },
            new LegendItem { LabelText = "good", FillColor = Good },
            new LegendItem { LabelText = "below", FillColor = Missed },
            new LegendItem { LabelText = "asked: good", LineColor = Colors.Navy, LineWidth = 2, LinePattern = LinePattern.Dotted },
            new LegendItem { LabelText = "asked: what is wanted", LineColor = Colors.Navy, LineWidth = 2 },
        ]);
        ShowLegend(plot);
        NameRows(plot, results, NameWithRatio);
        Logarithmic(plot, value => $"{value:0.###}×");
        return plot;
    }

    private static Plot Latencies(List<RowResult> results)
    {
        var plot = new Plot();
        plot.Title("Latency of one call of ours");
        var percentiles = (Func<RowResult, double>[])[result => result.Latencies!.P50, result => result.Latencies!.P95, result => result.Latencies!.P99];
        var rows = Enumerable.Range(0, results.Count).Select(i => (double)i).ToArray();
        foreach (var (percentile, name, color) in percentiles.Zip((string[])["p50", "p95", "p99"], (Color[])[Met, Good, Missed]))
        {
            var markers = plot.Add.Markers(results.Select(result => Log(percentile(result))).ToArray(), rows, MarkerShape.FilledCircle, 9, color);
            markers.LegendText = name;
        }

        ShowLegend(plot);
        NameRows(plot, results, static result => result.Row.Name);
        Logarithmic(plot, Numbers.Duration);
        return plot;
    }

    private static void Mark(Plot plot, double asked, int row, LinePattern pattern) =>
        plot.Add.Line(Log(asked), row - 0.42, Log(asked), row + 0.42).LineStyle = new LineStyle(2, Colors.Navy, pattern);

    private static string NameWithRatio(RowResult result) =>
        $"{result.Row.Name}{(result.Row.Goal is { AtMost: true } ? " (less is better)" : "")}   {Numbers.Text(result.Figures.Ratio!.Median)}×";

    /// <summary>Below the axis, where it hides nothing.</summary>
    private static void ShowLegend(Plot plot)
    {
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.ShowLegend(Edge.Bottom);
    }

    private static void NameRows(Plot plot, List<RowResult> results, Func<RowResult, string> name)
    {
        plot.Axes.Left.TickGenerator = new NumericManual(
            [.. Enumerable.Range(0, results.Count).Select(i => (double)i)], [.. results.Select(name)]);
        plot.Axes.SetLimitsY(-0.7, results.Count - 0.3);
    }

    private static void Logarithmic(Plot plot, Func<double, string> label)
    {
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic
        {
            IntegerTicksOnly = true,
            MinorTickGenerator = new LogMinorTickGenerator(),
            LabelFormatter = logarithm => label(Math.Pow(10, logarithm)),
        };
    }

    private static double Log(double value) => Math.Log10(value);

    private static void Save(Plot plot, DirectoryInfo folder, string name, int rows) =>
        plot.SaveSvg(Path.Combine(folder.FullName, name), Width, HeightBeside + (HeightPerRow * rows));
}
