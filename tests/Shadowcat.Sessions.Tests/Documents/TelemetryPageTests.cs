using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Shadowcat.Sessions.Tests.Telemetry;

namespace Shadowcat.Sessions.Tests.Documents;

/// <summary>The page on telemetry lists the instruments there are, as they are, and no other.</summary>
public sealed partial class TelemetryPageTests
{
    [Fact]
    public void Instruments_OfThePage_AreThoseThatExist()
    {
        using var measured = new Measured(listens: false);
        _ = new InMemorySessionStore(meterFactory: measured);
        _ = RedisMetrics.Of(measured);

        var rows = Row().Matches(Document.Read("docs/telemetry.md").Text)
            .Select(row => $"{row.Groups["name"].Value}: {row.Groups["kind"].Value}, {row.Groups["unit"].Value}");

        Assert.True(measured.Instruments.Count >= 9);
        Assert.Equal(
            measured.Instruments.Select(instrument => $"{instrument.Name}: {Kind(instrument)}, {instrument.Unit}").Order(StringComparer.Ordinal),
            rows.Order(StringComparer.Ordinal));
        Assert.All(measured.Instruments, instrument => Assert.False(string.IsNullOrEmpty(instrument.Description)));
    }

    [Fact]
    public void Tags_OfThePage_AreAllNamed()
    {
        var page = Document.Read("docs/telemetry.md").Text;

        Assert.All(
            typeof(TagNames).GetFields().Select(field => (string)field.GetRawConstantValue()!).Append(BreakerState.Tag).Concat(CacheResult.All).Concat(BreakerState.All),
            name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Histogram" => "histogram",
        "Counter" => "counter",
        "ObservableUpDownCounter" => "up-down counter",
        var other => other,
    };

    [GeneratedRegex(@"^\| `(?<name>(?:db|shadowcat)\.[a-z_.]+)` \| (?<kind>[a-z -]+), `(?<unit>[^`]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();
}
