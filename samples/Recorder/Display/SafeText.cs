using System.Text;
using Spectre.Console;

namespace Recorder.Display;

/// <summary>Text that peers chose, made fit for a table: one line, and nothing that a terminal would act on.</summary>
internal static class SafeText
{
    private const char Ellipsis = '…';
    private const int MaxUtf8Bytes = 4;

    /// <summary>A text with a dot for each control character.</summary>
    public static string Of(string? text) => string.Create(text?.Length ?? 0, text, static (target, source) =>
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = char.IsControl(source![i]) ? '·' : source[i];
        }
    });

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
