using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Shadowcat.Sessions.Inspector;

/// <summary>The files of the page, which the assembly holds: read once, with each script and all that it imports in one.</summary>
internal sealed class PageAssets
{
    private const string Prefix = "Assets/";
    private const string Index = "index.html";
    private const string Script = "main.js";
    private const string Style = "app.css";
    private const int HashCharacters = 16;

    private PageAssets(IReadOnlyDictionary<string, byte[]> files)
    {
        var texts = files.Where(static file => file.Key.EndsWith(".js", StringComparison.Ordinal)).ToDictionary(static file => file.Key, static file => Text(file.Value), StringComparer.Ordinal);
        var imported = texts.Values.SelectMany(ModuleBundle.ImportsOf).ToHashSet(StringComparer.Ordinal);
        var served = files
            .Where(file => file.Key != Index && !imported.Contains(file.Key))
            .ToDictionary(
                static file => file.Key,
                file => texts.ContainsKey(file.Key) ? Encoding.UTF8.GetBytes(ModuleBundle.Of(file.Key, name => ModuleOf(texts, name))) : file.Value,
                StringComparer.Ordinal);
        Hash = HashOf(served);
        Files = served.ToFrozenDictionary(static file => file.Key, static file => new Asset(file.Key, file.Value), StringComparer.Ordinal);
        Markup = Text(files[Index]);
        Page = new Asset(Index, Encoding.UTF8.GetBytes(Markup
            .Replace($"href=\"{Style}\"", $"href=\"assets/{Hash}/{Style}\"", StringComparison.Ordinal)
            .Replace($"src=\"{Script}\"", $"src=\"assets/{Hash}/{Script}\"", StringComparison.Ordinal)));
    }

    /// <summary>The assets of this version of the library.</summary>
    public static PageAssets Embedded => Lazily.Value;

    /// <summary>Names the content of all files: another content is another address, so each may be kept for ever.</summary>
    public string Hash { get; }

    /// <summary>The files beside the page, by name. Of the scripts, those that no other imports.</summary>
    public FrozenDictionary<string, Asset> Files { get; }

    /// <summary>The page as it is written, with the names of its script and style.</summary>
    public string Markup { get; }

    /// <summary>The page as it is served.</summary>
    public Asset Page { get; }

    /// <summary>The script of the page.</summary>
    public string ScriptText => Text(Files[Script].Content);

    /// <summary>The style of the page.</summary>
    public string StyleText => Text(Files[Style].Content);

    private static Lazy<PageAssets> Lazily { get; } = new(Read);

    /// <summary>Reads and compresses the assets before somebody waits for them. What goes wrong with it goes wrong for who asks for them.</summary>
    public static void Prepare() => _ = Task.Run(static () =>
    {
        foreach (var asset in Embedded.Files.Values.Append(Embedded.Page))
        {
            _ = asset.For(Asset.Brotli);
        }
    });

    private static PageAssets Read()
    {
        var assembly = typeof(PageAssets).Assembly;
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            files[name[Prefix.Length..].Replace('\\', '/')] = content;
        }

        return new PageAssets(files);
    }

    private static string ModuleOf(Dictionary<string, string> modules, string name) =>
        modules.TryGetValue(name, out var module) ? module : throw new InvalidOperationException($"A module of the page imports '{name}', which is not there.");

    private static string HashOf(Dictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in files.OrderBy(static file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..HashCharacters];
    }

    private static string Text(byte[] content)
    {
        // Browsers hash a script as they read it, in which every line ends like this.
        using var reader = new StreamReader(new MemoryStream(content));
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
