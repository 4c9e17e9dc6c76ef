using System.Security.Cryptography;
using System.Text;

namespace Shadowcat.Sessions.Recorder.Exporting.Html;

/// <summary>The page without its content: markup, style and script, from the files beside this one.</summary>
internal static class PageTemplate
{
    private const string Begin = "{{";
    private const string End = "}}";

    /// <summary>The style, which the policy of the page allows by its hash.</summary>
    public static string Style { get; } = Resource("page.css");

    /// <summary>The script, which the policy of the page allows by its hash; no other ever runs.</summary>
    public static string Script { get; } = Resource("page.js");

    /// <summary>What a browser may do with the page: apply this style, run this script, and nothing else; above all, load nothing.</summary>
    /// <seealso href="https://www.w3.org/TR/CSP3/#directive-script-src"/>
    public static string Policy { get; } =
        $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; base-uri 'none'; form-action 'none'";

    /// <summary>The markup in pieces: by turns a text that is written as it is, and the name of what is put in after it. What is put in is never read as markup of the template.</summary>
    public static IReadOnlyList<(string Markup, string? Placeholder)> Pieces { get; } = [.. Split(Resource("page.html"))];

    private static IEnumerable<(string Markup, string? Placeholder)> Split(string markup)
    {
        var position = 0;
        while (markup.IndexOf(Begin, position, StringComparison.Ordinal) is >= 0 and var begin)
        {
            var end = markup.IndexOf(End, begin, StringComparison.Ordinal);
            yield return (markup[position..begin], markup[(begin + Begin.Length)..end]);
            position = end + End.Length;
        }

        yield return (markup[position..], null);
    }

    private static string Hash(string content) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private static string Resource(string name)
    {
        using var stream = typeof(PageTemplate).Assembly.GetManifestResourceStream($"{typeof(PageTemplate).Namespace}.{name}")!;
        using var reader = new StreamReader(stream);

        // Browsers hash what they read, in which every line ends like this.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
