using System.Security.Cryptography;
using System.Text;

namespace Shadowcat.Sessions.Inspector;

/// <summary>The page as one file, without the recording: its script and its style inside, and a policy that lets it run these two and load nothing.</summary>
internal sealed class PageTemplate
{
    private const string Charset = "<meta charset=\"utf-8\">";
    private const string StyleLink = "<link rel=\"stylesheet\" href=\"app.css\">";
    private const string ScriptLink = "<script type=\"module\" src=\"main.js\"></script>";
    private const string EndOfBody = "</body>";

    /// <exception cref="InvalidOperationException">The assets do not have the form that is needed.</exception>
    public PageTemplate(PageAssets assets)
    {
        var style = Contained(assets.StyleText, "</style");
        var script = Contained(Contained(assets.ScriptText, "</script"), "<!--");
        var markup = Put(assets.Markup, StyleLink, $"<style>{style}</style>");
        markup = Put(markup, ScriptLink, $"<script type=\"module\">{script}</script>");
        markup = Put(markup, Charset, $"{Charset}\n<meta http-equiv=\"Content-Security-Policy\" content=\"{PolicyOf(style, script)}\">");
        var end = markup.LastIndexOf(EndOfBody, StringComparison.Ordinal);
        (Head, Tail) = end < 0 ? throw Missing(EndOfBody) : (markup[..end], markup[end..]);
    }

    /// <summary>What stands before the recording.</summary>
    public string Head { get; }

    /// <summary>What stands behind it.</summary>
    public string Tail { get; }

    private static string PolicyOf(string style, string script) =>
        $"default-src 'none'; script-src '{Hash(script)}'; style-src '{Hash(style)}'; img-src data:; connect-src 'none'; base-uri 'none'; form-action 'none'";

    private static string Hash(string content) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    /// <summary>An element ends at the first text that looks like its end, wherever that stands.</summary>
    private static string Contained(string content, string end) =>
        content.Contains(end, StringComparison.OrdinalIgnoreCase) ? throw new InvalidOperationException($"An asset of the page has '{end}' in it, which would end its element.") : content;

    private static string Put(string markup, string place, string content)
    {
        var begin = markup.IndexOf(place, StringComparison.Ordinal);
        return begin < 0 ? throw Missing(place) : string.Concat(markup.AsSpan(0, begin), content, markup.AsSpan(begin + place.Length));
    }

    private static InvalidOperationException Missing(string place) => new($"The page has no {place}.");
}
