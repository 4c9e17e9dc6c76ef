using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Shadowcat.Sessions.Recorder.Terminal;

/// <summary>Text that peers chose, made fit for a table: one line, and nothing that a terminal would act on.</summary>
internal static class SafeText
{
    private const char Ellipsis = '…';
    private const int MaxUtf8Bytes = 4;
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    private static readonly Rune Dot = new('·');

    /// <summary>A text with a dot for each character that a terminal acts on or does not show: controls, line ends, and what turns the direction of writing or has no width.</summary>
    public static string Of(string? text)
    {
        var safe = new StringBuilder(text?.Length ?? 0);
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            safe.Append(IsSafe(rune) ? rune : Dot);
        }

        return safe.ToString();
    }

    /// <summary>A text of several lines, each as safe as one.</summary>
    public static string OfLines(string text) => string.Join(Environment.NewLine, text.ReplaceLineEndings("\n").Split('\n').Select(Of));

    /// <summary>Format characters are those of the bidirectional algorithm, tags, and others of no width; joiners belong to words and pictures.</summary>
    private static bool IsSafe(Rune rune) => rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner || Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>The beginning of a payload, at least as much of it as fits into so many cells.</summary>
    public static string Of(ReadOnlySpan<byte> payload, int cells) =>
        Of(Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, cells * MaxUtf8Bytes)]));

    /// <summary>As much of a text as fits into so many cells.</summary>
    public static string Cut(string text, int cells)
    {
        if (text.GetCellWidth() <= cells)
        {
            return text;
        }

        var cut = new StringBuilder();
        var width = 1;
        foreach (var rune in text.EnumerateRunes())
        {
            width += rune.ToString().GetCellWidth();
            if (width > cells)
            {
                break;
            }

            cut.Append(rune);
        }

        return cut.Append(Ellipsis).ToString();
    }
}
