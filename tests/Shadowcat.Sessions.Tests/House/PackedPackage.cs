using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;
using System.Xml.Linq;

namespace Shadowcat.Sessions.Tests.House;

/// <summary>A package as <c>dotnet pack</c> made it, in the folder that SHADOWCAT_TEST_PACKAGES names.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Nuspec">What it says of itself.</param>
/// <param name="Files">The files in it.</param>
internal sealed record PackedPackage(string Path, XElement Nuspec, IReadOnlyList<string> Files)
{
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private static string? Folder => Environment.GetEnvironmentVariable("SHADOWCAT_TEST_PACKAGES");

    /// <summary>What the package says of itself, by the name of the element; null where it says nothing.</summary>
    public string? this[string element] => Metadata(element)?.Value;

    /// <summary>The address of the repository that it was made from; null where that is none on GitHub.</summary>
    public string? GitHubRepository => Metadata("repository")?.Attribute("url")?.Value is { } url && url.Contains("github.com", StringComparison.Ordinal) ? url : null;

    /// <summary>The packages that it needs, each with what does not flow from it.</summary>
    public IEnumerable<(string Id, string Exclude)> Dependencies => Nuspec.Descendants()
        .Where(static element => element.Name.LocalName == "dependency")
        .Select(static element => (element.Attribute("id")!.Value, element.Attribute("exclude")?.Value ?? ""));

    /// <summary>Reads a package; the test is skipped where none were packed.</summary>
    /// <param name="id">Its id.</param>
    public static PackedPackage Read(string id)
    {
        Assert.SkipWhen(Folder is null, "needs the folder of SHADOWCAT_TEST_PACKAGES, with what dotnet pack made");
        var path = Assert.Single(Directory.EnumerateFiles(Folder!, id + ".*.nupkg"), file => char.IsAsciiDigit(System.IO.Path.GetFileName(file)[id.Length + 1]));
        using var archive = ZipFile.OpenRead(path);
        using var nuspec = archive.GetEntry(id + ".nuspec")!.Open();
        return new PackedPackage(path, XElement.Load(nuspec), [.. archive.Entries.Select(static entry => entry.FullName)]);
    }

    /// <summary>The text of a file in the package.</summary>
    public string ReadFile(string name)
    {
        using var archive = ZipFile.OpenRead(Path);
        using var reader = new StreamReader(archive.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    /// <summary>Where debuggers find the sources, as the symbols say; null where they do not.</summary>
    /// <seealso href="https://github.com/dotnet/designs/blob/main/accepted/2020/diagnostics/source-link.md"/>
    public string? ReadSourceLink()
    {
        using var archive = ZipFile.OpenRead(System.IO.Path.ChangeExtension(Path, ".snupkg"));
        using var symbols = new MemoryStream();
        using (var entry = Assert.Single(archive.Entries, static entry => entry.FullName.EndsWith(".pdb", StringComparison.Ordinal)).Open())
        {
            entry.CopyTo(symbols);
        }

        symbols.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(symbols);
        var reader = provider.GetMetadataReader();
        var found = reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation).Where(entry => reader.GetGuid(entry.Kind) == SourceLink).ToList();
        return found is [var link] ? Encoding.UTF8.GetString(reader.GetBlobBytes(link.Value)) : null;
    }

    private XElement? Metadata(string element) => Nuspec.Descendants().FirstOrDefault(found => found.Name.LocalName == element);
}
