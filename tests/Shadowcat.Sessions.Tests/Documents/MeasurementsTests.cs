using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Tests.Documents;

/// <summary>The figures that pages and pictures show are those of the run whose results are in the repository.</summary>
public sealed partial class MeasurementsTests
{
    private static readonly Dictionary<string, JsonElement> Results = JsonSerializer
        .Deserialize<List<JsonElement>>(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Shadowcat.Sessions.Benchmarks", "results", "results.json")))!
        .ToDictionary(static row => row.GetProperty("name").GetString()!, StringComparer.Ordinal);

    [Fact]
    public void Ratios_OfThePage_AreThoseOfTheRun()
    {
        var rows = Ratio().Matches(Document.Read("docs/measurements.md").Text);

        Assert.True(rows.Count > 20);
        Assert.All(rows, static row => Assert.Equal(
            [Figure(row, "ratio"), Figure(row, "lower"), Figure(row, "upper")],
            [row.Groups["ratio"].Value, row.Groups["lower"].Value, row.Groups["upper"].Value]));
    }

    [Fact]
    public void Times_OfThePage_AreThoseOfTheRun()
    {
        var rows = Time().Matches(Document.Read("docs/measurements.md").Text);

        Assert.True(rows.Count > 10);
        Assert.All(rows, static row => Assert.Equal(
            [Figure(row, "p50"), Figure(row, "p95"), Figure(row, "p99")],
            [row.Groups["p50"].Value, row.Groups["p95"].Value, row.Groups["p99"].Value]));
    }

    [Fact]
    public void Bars_OfThePicture_AreThoseOfTheRun()
    {
        var bars = Bar().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "images", "comparison.svg")));

        Assert.True(bars.Count > 8);
        Assert.All(bars, static bar =>
        {
            var (shown, measured) = (double.Parse(bar.Groups["ratio"].Value, CultureInfo.InvariantCulture), Results[bar.Groups["row"].Value].GetProperty("ratio").GetDouble());
            Assert.InRange(shown / measured, 0.98, 1.02);
        });
    }

    private static string Figure(Match row, string name) => Results[row.Groups["row"].Value].GetProperty(name).GetDecimal().ToString("0.############", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| `(?<row>[\w.-]+)` \| [^\n]* \| (?<ratio>[\d.]+) \((?<lower>[\d.]+)–(?<upper>[\d.]+)\) \|$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Ratio();

    [GeneratedRegex(@"^\| `(?<row>[\w.-]+)` \| (?<p50>[\d.]+) \| (?<p95>[\d.]+) \| (?<p99>[\d.]+) \|$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Time();

    [GeneratedRegex(@"data-row=""(?<row>[\w.-]+)"">(?<ratio>[\d.,]+)×<", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bar();
}
