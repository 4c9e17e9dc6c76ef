using System.Globalization;
using System.Text;

namespace Shadowcat.Sessions.Recorder.Exporting.Html;

/// <summary>Text that peers chose, made fit for a page: nothing in it is markup, and what a reader would not see, or a terminal would act on, is visible.</summary>
internal static class HtmlText
{
    private const int FirstControlPicture = 0x2400;
    private const int Delete = 0x7F;
    private const char DeletePicture = '\u2421';
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>Adds a text as content of an element.</summary>
    public static StringBuilder AppendText(this StringBuilder page, ReadOnlySpan<char> text) => Append(page, text, isAttribute: false);

    /// <summary>Adds a text as the value of an attribute in double quotes.</summary>
    public static StringBuilder AppendAttribute(this StringBuilder page, ReadOnlySpan<char> text) => Append(page, text, isAttribute: true);

    /// <summary>A text as content of an element.</summary>
    public static string Of(string text) => new StringBuilder(text.Length).AppendText(text).ToString();

    private static StringBuilder Append(StringBuilder page, ReadOnlySpan<char> text, bool isAttribute)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '&':
                    page.Append("&amp;");
                    break;
                case '<':
                    page.Append("&lt;");
                    break;
                case '>':
                    page.Append("&gt;");
                    break;
                case '"' when isAttribute:
                    page.Append("&quot;");
                    break;
                case '\n' or '\t' or (>= ' ' and < Delete):
                    page.Append((char)rune.Value);
                    break;
                case < ' ':
                    page.Append((char)(FirstControlPicture + rune.Value));
                    break;
                case Delete:
                    page.Append(DeletePicture);
                    break;
                default:
                    AppendBeyondAscii(page, rune);
                    break;
            }
        }

        return page;
    }

    private static void AppendBeyondAscii(StringBuilder page, Rune rune)
    {
        // Format characters turn the direction of writing or have no width; joiners belong to words and pictures.
        if (rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner || Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
        {
            page.Append(rune);
        }
        else
        {
            page.Append(CultureInfo.InvariantCulture, $"[U+{rune.Value:X4}]");
        }
    }
}
