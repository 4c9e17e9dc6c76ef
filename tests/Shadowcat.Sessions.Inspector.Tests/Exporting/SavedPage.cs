using System.Text.Json;

namespace Shadowcat.Sessions.Inspector.Tests.Exporting;

/// <summary>A page that was saved, taken apart as a browser does: a block of data ends at the first end of its element.</summary>
internal sealed class SavedPage
{
    private const string Begin = "<script type=\"application/json\"";
    private const string End = "</script>";

    public SavedPage(string page)
    {
        var place = 0;
        while (page.IndexOf(Begin, place, StringComparison.Ordinal) is >= 0 and var begin)
        {
            Rest += page[place..begin];
            var content = page.IndexOf('>', begin) + 1;
            var end = page.IndexOf(End, content, StringComparison.Ordinal);
            Blocks.Add(page[content..end]);
            place = end + End.Length;
        }

        Rest += page[place..];
        Session = JsonDocument.Parse(Blocks[0]).RootElement;
        Frames = [.. Blocks.Skip(1).SelectMany(static block => JsonDocument.Parse(block).RootElement.EnumerateArray())];
    }

    /// <summary>The blocks of data: first that of the session.</summary>
    public List<string> Blocks { get; } = [];

    /// <summary>All that is no data.</summary>
    public string Rest { get; } = "";

    public JsonElement Session { get; }

    public List<JsonElement> Frames { get; }
}
