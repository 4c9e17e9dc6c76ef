namespace Shadowcat.Sessions.Tests.House;

/// <summary>Within a project, references go one way.</summary>
public sealed class LayerTests
{
    /// <summary>The layers of each project, the lowest first: a folder, or a file that lies in the project's own folder. Each knows only those above it in this list, without an exception.</summary>
    public static TheoryData<string, string[]> Projects { get; } = new()
    {
        {
            "Shadowcat.Sessions",
            [
                "Sessions",
                "Frames",
                "Json",
                "SessionStoreLimits",
                "Options",
                "Errors",
                "InputRules",
                "Changes",
                "Telemetry",
                "Expiration",
                "Listing",
                "StoreDefaults",
                "ISessionStore",
                "SessionStoreExtensions",
                "Archives",
                "Health",
                "Accepting",
                "DelegatingSessionStore",
                "Buffering",
                "Caching",
                "Memory",
                "Registration",
            ]
        },
        {
            "Shadowcat.Sessions.AspNetCore",
            [
                "Endpoints",
                "Ownership",
                "Telemetry",
                "Conversations",
                "Migration",
                "Events",
                "Guarding",
                "Registration",
            ]
        },
        {
            "Shadowcat.Sessions.Aspire",
            [
                "ShadowcatSessionsClientSettings",
                "SessionsClient",
                "AspireShadowcatSessionsExtensions",
            ]
        },
        {
            "Shadowcat.Sessions.DataProtection",
            [
                "FrameProtection",
                "GenerationCache",
                "PackedTexts",
                "ProtectedText",
                "PeerProtection",
                "SessionProtection",
                "ProtectedSessionStoreOptions",
                "Protection",
                "ProtectedAppends",
                "ProtectedListing",
                "ProtectedSessionStore",
                "ShadowcatSessionsProtectionBuilderExtensions",
            ]
        },
        {
            "Shadowcat.Sessions.Garnet",
            [
                "EmbeddedGarnetOptions",
                "EmbeddedGarnet",
            ]
        },
        {
            "Shadowcat.Sessions.Inspector",
            [
                "SessionInspectorOptions",
                "Problems",
                "Naming",
                "Answering",
                "Access",
                "Messages",
                "Searching",
                "Listing",
                "Reading",
                "Following",
                "Pages",
                "Exporting",
                "Endpoints",
                "Registration",
            ]
        },
        {
            "Shadowcat.Sessions.Mcp",
            [
                "Limits",
                "Messages",
                "Conversations",
                "Correlation",
                "Redaction",
                "Replay",
                "Telemetry",
                "Recording",
                "Servers",
                "Transports",
                "Registration",
            ]
        },
        {
            "Shadowcat.Sessions.Recorder",
            [
                "Starting",
                "Terminal",
                "Storing",
                "Recording",
                "Display",
                "Wrapping",
                "Analysis",
                "Analysis/Checking",
                "Analysis/Comparing",
                "Analysis/Statistics",
                "Exporting",
                "Exporting/Har",
                "Exporting/Otlp",
                "Proxying",
                "Proxying/Http",
                "Replaying",
                "Inspecting",
                "Completion",
                "Demo",
                "Commands",
                "CommandLine",
                "Program",
            ]
        },
        {
            "Shadowcat.Sessions.Redis",
            [
                "AppendQueueFullMode",
                "RedisSessionStoreOptions",
                "Telemetry",
                "Waiting",
                "Layout",
                "Frames",
                "Hash",
                "Faults",
                "Scripts",
                "Batching",
                "Sentinels",
                "Connecting",
                "RedisSessionStoreOptionsValidator",
                "Circuits",
                "Rights",
                "Agreeing",
                "Sending",
                "Reading",
                "Commands",
                "Changes",
                "Following",
                "Appending",
                "Reaping",
                "Health",
                "RedisSessionStore",
                "Registration",
            ]
        },
        {
            "Shadowcat.Sessions.Sqlite",
            [
                "SqliteSynchronous",
                "SqliteSessionStoreOptions",
                "SqliteSessionStoreOptionsValidator",
                "Telemetry",
                "Faults",
                "Statements",
                "Layout",
                "Files",
                "Waiting",
                "Sessions",
                "Frames",
                "Changes",
                "Commands",
                "Writing",
                "Reading",
                "Following",
                "Health",
                "SqliteSessionStore",
                "Registration",
            ]
        },
        {
            "Shadowcat.Sessions.TestKit",
            [
                "StoreUnderTestAttribute",
                "IStoreHarness",
                "Samples",
                "Suites",
                "Running",
                "SessionStoreConformance",
            ]
        },
        {
            "Shadowcat.Sessions.TestKit.Mcp",
            [
                "ReplayedServer",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Projects))]
    public void Layer_OfAProject_KnowsOnlyThoseBelow(string project, string[] layers)
    {
        var files = SourceFile.ReadAll(project);

        Assert.Equal(
            files.Select(static file => file.Layer).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            Levels(layers).Keys.Order(StringComparer.Ordinal));
        Assert.Empty(UpwardReferences(files, layers));
    }

    [Fact]
    public void Layers_OfTheSources_AreThoseThatAreChecked() => Assert.Equal(
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName).Order(StringComparer.Ordinal),
        Projects.Select(static row => row.Data.Item1));

    [Fact]
    public void ReferenceUpward_IsFound_AndNamesBothFiles()
    {
        var files = new[]
        {
            new SourceFile("Low/Lower.cs", "internal sealed class Lower { /* Higher */ object Make() => new Higher($\"Higher\", \"Higher\"); }"),
            new SourceFile("High/Higher.cs", "internal sealed class Higher(Lower lower) { }"),
        };

        var found = Assert.Single(UpwardReferences(files, ["Low", "High"]));
        Assert.Equal("Low/Lower.cs uses Higher of High/Higher.cs", found);
        Assert.Empty(UpwardReferences([files[1]], ["Low", "High"]));
        Assert.Single(UpwardReferences(files, ["High", "Low"]));
    }

    [Theory]
    [InlineData("// Other")]
    [InlineData("/// <see cref=\"Other\"/>")]
    [InlineData("var text = \"Other\";")]
    [InlineData("var text = @\"\"\"Other\"\"\";")]
    [InlineData("var text = $\"Other {1}\";")]
    [InlineData("this.Other();")]
    [InlineData("[JsonConverter(typeof(Other))]")]
    public void Reference_InCommentsTextAndMembers_IsNone(string code) => Assert.DoesNotContain("Other", new SourceFile("Some.cs", code).Named);

    [Theory]
    [InlineData("Other.Call();")]
    [InlineData("var text = $\"{nameof(Other)} is \\\"\";")]
    [InlineData("List<Other> all = ['\"', '\"'];")]
    [InlineData("[JsonConverter(typeof(Known))] public sealed class Some : Other;")]
    [InlineData("[Marked(typeof(Other))]")]
    public void Reference_InCode_IsOne(string code) => Assert.Contains("Other", new SourceFile("Some.cs", code).Named);

    private static IEnumerable<string> UpwardReferences(IReadOnlyList<SourceFile> files, string[] layers)
    {
        var levels = Levels(layers);
        var declaring = files.SelectMany(static file => file.Declared.Select(name => (Name: name, File: file))).ToLookup(static type => type.Name, static type => type.File);
        return files.SelectMany(file => file.Named
            .SelectMany(name => declaring[name].Where(other => levels[other.Layer] > levels[file.Layer]).Select(other => $"{file.Path} uses {name} of {other.Path}")));
    }

    private static Dictionary<string, int> Levels(string[] layers) => layers
        .Select(static (layer, level) => (Layer: layer, Level: level))
        .ToDictionary(static layer => layer.Layer, static layer => layer.Level, StringComparer.Ordinal);
}
