using System.Text.Json;
using Shadowcat.Sessions.Tests.Documents;

namespace Shadowcat.Sessions.Tests.House;

/// <summary>What a gallery and a restore see of the packages. <c>.ci/run</c> packs them before the tests run.</summary>
public sealed class PackedPackageTests
{
    private const string Core = "Shadowcat.Sessions";

    private const string Tool = "Shadowcat.Sessions.Recorder";

    /// <summary>
    /// The dependencies of each package. What comes after "at run time" is a detail of the implementation, which the public API does not show: nobody who uses the package compiles against it.
    /// </summary>
    public static TheoryData<string, string[]> Dependencies { get; } = new()
    {
        {
            Core,
            [
                "Microsoft.Extensions.DependencyInjection.Abstractions",
                "Microsoft.Extensions.Diagnostics.HealthChecks",
                "Microsoft.Extensions.Logging.Abstractions",
                "Microsoft.Extensions.Options",
                "Microsoft.Extensions.Options.ConfigurationExtensions",
                "at run time: BitFaster.Caching",
                "at run time: System.IO.Hashing",
            ]
        },
        { "Shadowcat.Sessions.AspNetCore", ["ModelContextProtocol.AspNetCore", Core, "Shadowcat.Sessions.Mcp"] },
        {
            "Shadowcat.Sessions.Aspire",
            [
                "Microsoft.Extensions.Diagnostics.HealthChecks",
                "Microsoft.Extensions.Hosting.Abstractions",
                "Microsoft.Extensions.Options.ConfigurationExtensions",
                "OpenTelemetry.Extensions.Hosting",
                Core,
                "Shadowcat.Sessions.Redis",
            ]
        },
        { "Shadowcat.Sessions.DataProtection", ["Microsoft.AspNetCore.DataProtection.Abstractions", Core] },
        { "Shadowcat.Sessions.Garnet", ["at run time: Microsoft.Garnet"] },
        { "Shadowcat.Sessions.Inspector", [Core, "Shadowcat.Sessions.Mcp"] },
        { "Shadowcat.Sessions.Mcp", ["ModelContextProtocol", "ModelContextProtocol.Core", Core, "at run time: System.IO.Hashing"] },
        { Tool, [] },
        { "Shadowcat.Sessions.Redis", [Core, "StackExchange.Redis", "at run time: MessagePack", "at run time: Polly.Core", "at run time: System.IO.Hashing"] },
        { "Shadowcat.Sessions.Sqlite", [Core, "at run time: Microsoft.Data.Sqlite"] },
        { "Shadowcat.Sessions.TestKit", [Core, "at run time: xunit.v3.assert", "xunit.v3.extensibility.core"] },
        { "Shadowcat.Sessions.TestKit.Mcp", ["ModelContextProtocol.Core", Core, "Shadowcat.Sessions.Mcp", "xunit.v3.extensibility.core"] },
    };

    private static readonly HashSet<string> Tags = ["mcp", "model-context-protocol"];

    private static readonly HashSet<string> Files = ["README.md", "icon.png"];

    public static TheoryData<string> Names => PackageTests.Names;

    public static TheoryData<string> Libraries => [.. Dependencies.Select(static row => row.Data.Item1).Where(static package => package != Tool)];

    public static TheoryData<string> Configured => ConfigurationSchemaTests.Packages;

    [Theory]
    [MemberData(nameof(Dependencies))]
    public void Package_Dependencies_AreWhatItUsesItself(string package, string[] dependencies) => Assert.Equal(
        dependencies.Order(StringComparer.Ordinal),
        PackedPackage.Read(package).Dependencies
            .Select(static dependency => dependency.Exclude.Contains("Compile", StringComparison.Ordinal) ? $"at run time: {dependency.Id}" : dependency.Id)
            .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Package_SaysWhatAGalleryShows(string package)
    {
        var packed = PackedPackage.Read(package);

        Assert.Equal(
            (package, "Shadowcat.Sessions contributors", "MIT", "README.md", "icon.png", PackedPackage.Read(Core)["version"]),
            (packed["id"], packed["authors"], packed["license"], packed["readme"], packed["icon"], packed["version"]));
        Assert.InRange(packed["description"]!.Length, 80, 250);
        Assert.Superset(Tags, packed["tags"]!.Split(' ').ToHashSet(StringComparer.Ordinal));
        Assert.Superset(Files, packed.Files.ToHashSet(StringComparer.Ordinal));
        Assert.DoesNotContain("](../", packed.ReadFile("README.md"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Library_HasItsDocumentationAndSymbols(string package)
    {
        var packed = PackedPackage.Read(package);

        Assert.Equal(
            [$"lib/net10.0/{package}.dll", $"lib/net10.0/{package}.xml"],
            packed.Files.Where(static file => file.StartsWith("lib/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.True(File.Exists(Path.ChangeExtension(packed.Path, ".snupkg")));
    }

    /// <summary>Also where the package is only one that another needs, such as the core.</summary>
    /// <seealso href="https://learn.microsoft.com/nuget/concepts/msbuild-props-and-targets"/>
    [Theory]
    [MemberData(nameof(Configured))]
    public void Package_WithASection_OffersItsSchema(string package)
    {
        var packed = PackedPackage.Read(package);

        Assert.Contains(@"Include=""$(MSBuildThisFileDirectory)..\ConfigurationSchema.json""", packed.ReadFile($"buildTransitive/{package}.targets"), StringComparison.Ordinal);
        Assert.Equal(ConfigurationSchema.Of(package), packed.ReadFile("ConfigurationSchema.json").ReplaceLineEndings("\n"));
    }

    /// <summary>A release is packed from GitHub, by its workflow; elsewhere nobody could fetch the sources.</summary>
    [Theory]
    [MemberData(nameof(Libraries))]
    public void Library_FromGitHub_LinksItsSourcesAndPages(string package)
    {
        var packed = PackedPackage.Read(package);
        Assert.SkipWhen(packed.GitHubRepository is null, "needs packages of a clone from GitHub");

        using var link = JsonDocument.Parse(packed.ReadSourceLink()!);
        Assert.Contains(link.RootElement.GetProperty("documents").EnumerateObject(), static document => document.Value.GetString()!.StartsWith("https://raw.githubusercontent.com/", StringComparison.Ordinal));
        Assert.StartsWith("https://github.com/", packed["projectUrl"], StringComparison.Ordinal);
        Assert.Contains("CHANGELOG.md", packed["releaseNotes"], StringComparison.Ordinal);
        Assert.Contains("/blob/", packed.ReadFile("README.md"), StringComparison.Ordinal);
    }
}
