using System.Text.Json;
using System.Text.RegularExpressions;
using Shadowcat.Sessions.Tests.House;
using Shadowcat.Sessions.Tests.Telemetry;

namespace Shadowcat.Sessions.Tests.Documents;

/// <summary>The dashboard and the alerts ask for metrics that exist, by the names that Prometheus gives them.</summary>
public sealed partial class DashboardTests
{
    private static readonly HashSet<string> Names = [.. Instruments().SelectMany(static instrument => InPrometheus(instrument.Name, instrument.Kind, instrument.Unit))];

    public static TheoryData<string> Files => ["docs/grafana/shadowcat-sessions.json", "docs/grafana/alerts.yml"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Metrics_OfTheFile_Exist(string path)
    {
        var asked = Metric().Matches(File.ReadAllText(Path.Combine(Repository.Root, path))).Select(static match => match.Value).Distinct(StringComparer.Ordinal).ToList();

        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(Names, StringComparer.Ordinal));
    }

    /// <summary>A meter that nobody sees might as well not be there.</summary>
    [Fact]
    public void Dashboard_Panels_ShowEveryInstrument()
    {
        var asked = Metric().Matches(File.ReadAllText(Path.Combine(Repository.Root, Files.First().Data))).Select(static match => match.Value).ToHashSet(StringComparer.Ordinal);

        Assert.All(Instruments(), instrument => Assert.True(InPrometheus(instrument.Name, instrument.Kind, instrument.Unit).Any(asked.Contains), $"no panel shows {instrument.Name}"));
    }

    [Fact]
    public void Page_OnTelemetry_NamesEveryInstrument() =>
        Assert.All(Instruments(), static instrument => Assert.Contains($"| `{instrument.Name}` |", Document.Read("docs/telemetry.md").Text, StringComparison.Ordinal));

    [Fact]
    public void Dashboard_Panels_AreNamedAndHaveUnits()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, Files.First().Data)));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().Where(static panel => panel.GetProperty("type").GetString() != "row").ToList();

        Assert.Equal(panels.Count, panels.Select(static panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels, static panel =>
        {
            Assert.NotEmpty(panel.GetProperty("title").GetString()!);
            Assert.NotEmpty(panel.GetProperty("description").GetString()!);
            Assert.NotEmpty(panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString()!);
        });
    }

    /// <summary>The instruments of the core and of Redis as they are made, and those of recording and migration by the calls that make them.</summary>
    private static List<(string Name, string Kind, string Unit)> Instruments()
    {
        using var measured = new Measured(listens: false);
        _ = new InMemorySessionStore(meterFactory: measured);
        _ = RedisMetrics.Of(measured);
        var made = measured.Instruments.Select(static instrument => (instrument.Name, Kind: instrument.GetType().Name.Split('`')[0], Unit: instrument.Unit!));
        string[] files = ["Shadowcat.Sessions.Mcp/Telemetry/RecordingMetrics.cs", "Shadowcat.Sessions.AspNetCore/Telemetry/MigrationMetrics.cs"];
        var counted = files.SelectMany(static file => Counter().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src", file))))
            .Select(static match => (match.Groups["name"].Value, Kind: "Counter", match.Groups["unit"].Value));
        return [.. made.Concat(counted).Distinct()];
    }

    /// <summary>The names of the Prometheus exporter: words joined by underscores, with the unit where it is one of measure, and what the kind adds.</summary>
    /// <seealso href="https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/"/>
    private static IEnumerable<string> InPrometheus(string name, string kind, string unit)
    {
        var full = name.Replace('.', '_') + unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return kind switch
        {
            "Counter" => [full + "_total"],
            "Histogram" => [full + "_bucket", full + "_count", full + "_sum"],
            _ => [full],
        };
    }

    [GeneratedRegex(@"\b(?:shadowcat_sessions|db_client)_(?!store\b|breaker_state\b|cache_result\b|system)[a-z_]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Metric();

    [GeneratedRegex(@"""(?<name>shadowcat\.[a-z.]+)"", unit: ""(?<unit>[^""]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Counter();
}
