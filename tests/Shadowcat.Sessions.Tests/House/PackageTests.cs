using System.Buffers.Binary;
using System.Text;
using System.Xml.Linq;
using Microsoft.Extensions.Logging;
using Shadowcat.Sessions.Tests.Documents;

namespace Shadowcat.Sessions.Tests.House;

/// <summary>What the packages are built on: the contract needs no server, and nothing but a store needs the client of its own.</summary>
public sealed class PackageTests
{
    private const string Core = "Shadowcat.Sessions";

    private const string OfSqlite = "Microsoft.Data.Sqlite";

    private static readonly string[] OfRedis = ["StackExchange.Redis", "Polly.Core"];

    public static TheoryData<string, string[]> Packages { get; } = new()
    {
        { Core, [] },
        { "Shadowcat.Sessions.AspNetCore", [Core, "Shadowcat.Sessions.Mcp"] },
        { "Shadowcat.Sessions.Aspire", [Core, "Shadowcat.Sessions.Redis"] },
        { "Shadowcat.Sessions.DataProtection", [Core] },
        { "Shadowcat.Sessions.Garnet", [] },
        { "Shadowcat.Sessions.Inspector", [Core, "Shadowcat.Sessions.Mcp"] },
        { "Shadowcat.Sessions.Mcp", [Core] },
        { "Shadowcat.Sessions.Recorder", [Core, "Shadowcat.Sessions.Inspector", "Shadowcat.Sessions.Mcp", "Shadowcat.Sessions.Redis", "Shadowcat.Sessions.Sqlite"] },
        { "Shadowcat.Sessions.Redis", [Core] },
        { "Shadowcat.Sessions.Sqlite", [Core] },
        { "Shadowcat.Sessions.TestKit", [Core] },
        { "Shadowcat.Sessions.TestKit.Mcp", [Core, "Shadowcat.Sessions.Mcp"] },
    };

    public static TheoryData<string> Names => [.. Packages.Select(static row => row.Data.Item1)];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Package_References_AreThoseOfTheLayers(string package, string[] references)
    {
        var project = Project(package);

        Assert.Equal(references, Included(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
        if (package != "Shadowcat.Sessions.Redis")
        {
            Assert.Empty(Included(project, "PackageReference").Intersect(OfRedis, StringComparer.OrdinalIgnoreCase));
        }

        Assert.Equal(package == "Shadowcat.Sessions.Sqlite", Included(project, "PackageReference").Contains(OfSqlite, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Whoever tests a store brings the runner, and no more than xUnit comes with the kit.</summary>
    [Fact]
    public void TestKit_Packages_AreWhatALibraryOfTestsNeeds() =>
        Assert.Equal(["xunit.v3.assert", "xunit.v3.extensibility.core"], Included(Project("Shadowcat.Sessions.TestKit"), "PackageReference"));

    [Fact]
    public void Packages_OfTheSources_AreThoseThatAreChecked() => Assert.Equal(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
        Packages.Select(row => row.Data.Item1));

    /// <summary>What a gallery shows of a package: a page of its own, which says how to install it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Package_Readme_IsItsOwn(string package)
    {
        var readme = Document.Read($"src/{package}/README.md").Text;

        Assert.StartsWith($"# {package}\n", readme, StringComparison.Ordinal);
        Assert.Matches($@"dotnet (add package|tool install -g) {package.Replace(".", @"\.", StringComparison.Ordinal)}\n", readme);
        Assert.DoesNotContain("](docs/", readme, StringComparison.Ordinal);
    }

    /// <summary>NuGet asks for 128 by 128 points.</summary>
    /// <seealso href="https://learn.microsoft.com/en-us/nuget/reference/nuspec#icon"/>
    [Fact]
    public void Packages_Icon_HasTheSizeThatGalleriesWant()
    {
        var png = File.ReadAllBytes(Path.Combine(Repository.Root, "src", "icon.png"));

        Assert.Equal("PNG", Encoding.ASCII.GetString(png, 1, 3));
        Assert.Equal((128, 128), (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
    }

    [Fact]
    public void Core_Assembly_NeedsNoClientOfAServer()
    {
        Assert.Empty(ReferencesOf(typeof(ISessionStore)).Intersect([.. OfRedis, OfSqlite], StringComparer.Ordinal));
        Assert.Equal(OfRedis, ReferencesOf(typeof(RedisSessionStore)).Intersect(OfRedis, StringComparer.Ordinal).OrderDescending(StringComparer.Ordinal));
    }

    /// <summary>A store's events come with those of the library in one log.</summary>
    [Fact]
    public void Events_OfCoreAndStores_HaveIdsOfTheirOwn()
    {
        var ids = new[] { typeof(ISessionStore), typeof(RedisSessionStore), typeof(SqliteSessionStore) }
            .SelectMany(static type => type.Assembly.GetTypes())
            .SelectMany(static type => type.GetMethods(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic))
            .SelectMany(static method => method.GetCustomAttributes(typeof(LoggerMessageAttribute), inherit: false).Cast<LoggerMessageAttribute>())
            .Select(static message => message.EventId)
            .ToList();

        Assert.True(ids.Count >= 25);
        Assert.Equal(ids.Distinct().Count(), ids.Count);
    }

    private static IEnumerable<string?> ReferencesOf(Type type) => type.Assembly.GetReferencedAssemblies().Select(static name => name.Name);

    private static XDocument Project(string package) => XDocument.Load(Path.Combine(Repository.Root, "src", package, package + ".csproj"));

    private static IEnumerable<string> Included(XDocument project, string item) =>
        project.Descendants(item).Select(static element => element.Attribute("Include")!.Value.Replace('\\', '/'));
}
