using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Tests.Documents;

/// <summary>The schemas by which editors complete appsettings.json are made from the code. SHADOWCAT_UPDATE_DOCS=1 writes them anew.</summary>
public sealed class ConfigurationSchemaTests
{
    private const string FileName = "ConfigurationSchema.json";

    public static TheoryData<string> Packages => [.. ConfigurationSchema.Packages];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Schema_OfAPackage_IsWhatTheCodeSays(string package)
    {
        var generated = ConfigurationSchema.Of(package);
        var path = Path.Combine(Repository.Root, "src", package, FileName);
        if (Environment.GetEnvironmentVariable("SHADOWCAT_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, generated);
        }

        Assert.Equal(generated, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Schemas_OfTheSources_AreThoseOfPackagesThatAreConfigured() => Assert.Equal(
        ConfigurationSchema.Packages,
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), FileName, SearchOption.AllDirectories)
            .Select(static path => Path.GetFileName(Path.GetDirectoryName(path)!))
            .Where(static folder => Directory.Exists(Path.Combine(Repository.Root, "src", folder)))
            .Order(StringComparer.Ordinal));

    /// <summary>Each package carries its own part, and none says another's once more.</summary>
    [Theory]
    [InlineData("Shadowcat.Sessions", "TimeToLive", "Caching", "Buffering", "HealthChecks")]
    [InlineData("Shadowcat.Sessions.Redis", "Redis")]
    [InlineData("Shadowcat.Sessions.Sqlite", "Sqlite")]
    [InlineData("Shadowcat.Sessions.DataProtection", "Protection")]
    [InlineData("Shadowcat.Sessions.Mcp", "Recording", "ClientLimits")]
    [InlineData("Shadowcat.Sessions.AspNetCore", "Migration", "Events")]
    public void Schema_OfAPackage_HasItsSections(string package, params string[] sections)
    {
        var store = StoreOf(package);

        Assert.Subset(store.Select(static property => property.Key).ToHashSet(StringComparer.Ordinal), sections.ToHashSet(StringComparer.Ordinal));
        Assert.Equal(package == "Shadowcat.Sessions", store.ContainsKey("TimeToLive"));
    }

    [Fact]
    public void Schema_OfRedis_LeavesOutWhatOnlyCodeSets()
    {
        var redis = StoreOf("Shadowcat.Sessions.Redis")["Redis"]!["properties"]!.AsObject();

        Assert.Equal("string", (string?)redis["Configuration"]!["type"]);
        Assert.Equal(["Wait", "Fail"], redis["QueueFullMode"]!["enum"]!.AsArray().Select(static name => (string?)name));
        Assert.DoesNotContain(redis, static property => property.Key.StartsWith("ConfigureConnection", StringComparison.Ordinal));
    }

    /// <summary>Each connection has the settings for all, by its name.</summary>
    [Fact]
    public void Schema_OfTheClientIntegration_HasItsSettingsTwiceAndTheOptionsOfTheStore()
    {
        var schema = JsonNode.Parse(ConfigurationSchema.Of("Shadowcat.Sessions.Aspire"))!;
        var sessions = schema["properties"]!["Aspire"]!["properties"]!["Shadowcat"]!["properties"]!["Sessions"]!;
        var settings = sessions["properties"]!.AsObject();
        var reference = (string)settings["Options"]!["$ref"]!;
        var options = reference.Split('/').Skip(1).Aggregate(schema, static (node, name) => node[name]!);

        Assert.Equal(["ConnectionString", "DisableHealthChecks", "DisableTracing", "DisableMetrics", "Options"], settings.Select(static property => property.Key));
        Assert.True(JsonNode.DeepEquals(settings, sessions["additionalProperties"]!["properties"]));
        Assert.Equal("string", (string?)options["properties"]!["Redis"]!["properties"]!["KeyPrefix"]!["type"]);
        Assert.NotNull(options["properties"]!["TimeToLive"]);
    }

    [Theory]
    [InlineData("02:00:00", true)]
    [InlineData("7.00:00:00", true)]
    [InlineData("00:00:00.250", true)]
    [InlineData("24:00:00", false)]
    [InlineData("5", false)]
    [InlineData("two hours", false)]
    public void Schema_OfADuration_TakesWhatTheHostTakes(string duration, bool isTaken)
    {
        var pattern = (string)StoreOf("Shadowcat.Sessions")["TimeToLive"]!["pattern"]!;

        Assert.Equal(isTaken, Regex.IsMatch(duration, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    private static JsonObject StoreOf(string package) =>
        JsonNode.Parse(ConfigurationSchema.Of(package))!["properties"]!["Shadowcat"]!["properties"]!["Sessions"]!["properties"]!.AsObject();
}
