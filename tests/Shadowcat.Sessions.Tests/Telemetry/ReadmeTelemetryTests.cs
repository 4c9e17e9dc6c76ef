using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Tests.Telemetry;

/// <summary>The README lists the instruments there are, as they are, and no other.</summary>
public sealed partial class ReadmeTelemetryTests
{
    [Fact]
    public void Readme_Instruments_AreThoseThatExist()
    {
        using var measured = new Measured(listens: false);
        _ = new InMemorySessionStore(meterFactory: measured);
        _ = RedisMetrics.Of(measured);

        var rows = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md")))
            .Select(row => $"{row.Groups["name"].Value}: {row.Groups["kind"].Value}, {row.Groups["unit"].Value}");

        Assert.True(measured.Instruments.Count >= 9);
        Assert.Equal(
            measured.Instruments.Select(instrument => $"{instrument.Name}: {Kind(instrument)}, {instrument.Unit}").Order(StringComparer.Ordinal),
            rows.Order(StringComparer.Ordinal));
        Assert.All(measured.Instruments, instrument => Assert.False(string.IsNullOrEmpty(instrument.Description)));
    }

    [Fact]
    public void Readme_Tags_AreAllNamed()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

        Assert.All(
            typeof(TagNames).GetFields().Select(field => (string)field.GetRawConstantValue()!).Append(BreakerState.Tag).Concat(CacheResult.All).Concat(BreakerState.All),
            name => Assert.Contains($"`{name}`", readme, StringComparison.Ordinal));
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
