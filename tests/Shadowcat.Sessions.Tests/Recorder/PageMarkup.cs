using System.Xml.Linq;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>A page that was exported, taken apart. What is written of a recording is XML too, which leaves a parser no guesses.</summary>
internal sealed class PageMarkup
{
    public PageMarkup(string page)
    {
        Header = XElement.Parse(Between(page, "<header>", "</header>"), LoadOptions.PreserveWhitespace);
        Main = XElement.Parse(Between(page, "<main>", "</main>"), LoadOptions.PreserveWhitespace);
        Frame = page.Replace(Between(page, "<header>", "</header>"), "", StringComparison.Ordinal).Replace(Between(page, "<main>", "</main>"), "", StringComparison.Ordinal);
        Title = Inside(page, "<title>", "</title>");
    }

    public XElement Header { get; }

    public XElement Main { get; }

    /// <summary>All that is neither of them.</summary>
    public string Frame { get; }

    /// <summary>The title, as it is written.</summary>
    public string Title { get; }

    public IReadOnlyList<XElement> Messages => [.. Main.Descendants("details")];

    public XElement Message(int sequence) => Messages.Single(message => (string?)message.Attribute("id") == $"m{sequence}");

    public static string Payload(XElement message) => message.Descendants("pre").Single().Value[1..];

    public static string[] Classes(XElement element) => $"{element.Attribute("class")?.Value}".Split(' ');

    /// <summary>The text of a part of the line that says what a message is.</summary>
    public static string Part(XElement message, string name) => message.Element("summary")!.Elements("span").Single(part => Classes(part).Contains(name)).Value.Trim();

    /// <summary>What stands between two texts of a page.</summary>
    public static string Inside(string page, string begin, string end)
    {
        int from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return page[from..page.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static string Between(string page, string begin, string end)
    {
        int from = page.IndexOf(begin, StringComparison.Ordinal);
        return page[from..(page.LastIndexOf(end, StringComparison.Ordinal) + end.Length)];
    }
}
