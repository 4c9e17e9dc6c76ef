using System.Buffers;

namespace Shadowcat.Sessions.Mcp;

/// <summary>A name in a text and the value behind it: <c>name=value</c>, <c>name: value</c>, <c>"name":"value"</c>, and what is written like them.</summary>
internal readonly ref struct NamedValue
{
    private const int MaxBetween = 8;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.$");

    /// <summary>Reads what is around a separator; the name is empty where there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where the separator is.</param>
    /// <param name="from">Where to look back to.</param>
    public NamedValue(ReadOnlySpan<char> text, int at, int from)
    {
        Separator = text[at];
        var nameEnd = SkipBack(text, at, from, out var isQuoted);
        NameStart = nameEnd;
        var lowest = Math.Max(from, nameEnd - CredentialNames.MaxLength);
        while (NameStart > lowest && NameCharacters.Contains(text[NameStart - 1]))
        {
            NameStart--;
        }

        // Read from its beginning, "\n" in front of a name looks like a part of it.
        if (NameStart > from && NameStart + 1 < nameEnd && text[NameStart - 1] == '\\' && text[NameStart] is 'n' or 'r' or 't')
        {
            NameStart++;
        }

        Name = text[NameStart..nameEnd].TrimStart("-$.");
        IsNameQuoted = isQuoted;
        IsSpaced = at > nameEnd && text[at - 1] == ' ';
        ValueStart = SkipForward(text, at, out var isOperator, out var isSpacedBehind, out var quote, out var escapes);
        IsSpacedBehind = isSpacedBehind;
        IsOperator = isOperator;
        Quote = quote;
        Escapes = escapes;
    }

    /// <summary>What stands between the name and the value.</summary>
    public char Separator { get; }

    /// <summary>Where the name begins.</summary>
    public int NameStart { get; }

    /// <summary>The name.</summary>
    public ReadOnlySpan<char> Name { get; }

    /// <summary>Whether the name stands in quotes.</summary>
    public bool IsNameQuoted { get; }

    /// <summary>Whether there are blanks in front of the separator.</summary>
    public bool IsSpaced { get; }

    /// <summary>Whether there are blanks behind the separator.</summary>
    public bool IsSpacedBehind { get; }

    /// <summary>Whether the separator is an operator of code that gives no name to a value: <c>==</c>, <c>!=</c>, <c>::</c>.</summary>
    public bool IsOperator { get; }

    /// <summary>Where the value begins, behind its quote.</summary>
    public int ValueStart { get; }

    /// <summary>The quote that the value stands in; 0 for none.</summary>
    public char Quote { get; }

    /// <summary>How many backslashes stand in front of the quote.</summary>
    public int Escapes { get; }

    /// <summary>Goes back over blanks, asterisks, and a quote with backslashes.</summary>
    private static int SkipBack(ReadOnlySpan<char> text, int at, int from, out bool isQuoted)
    {
        isQuoted = false;
        var lowest = Math.Max(from, at - MaxBetween);
        while (at > lowest && text[at - 1] is ' ' or '\t' or '*' or '!' or '<')
        {
            at--;
        }

        if (at > lowest && text[at - 1] is '"' or '\'' or '`' or ']')
        {
            isQuoted = true;
            at--;
            while (at > lowest && text[at - 1] is '\\' or '"' or '\'')
            {
                at--;
            }
        }

        return at;
    }

    private static int SkipForward(ReadOnlySpan<char> text, int at, out bool isOperator, out bool isSpaced, out char quote, out int escapes)
    {
        var (separator, next) = (text[at], at + 1);
        isOperator = (at > 0 && separator is '=' && text[at - 1] is '!' or '<' or '>' or '=') || (next < text.Length && text[next] == separator);
        next += next < text.Length && (separator, text[next]) is (':', '=') or ('=', '>') ? 1 : 0;
        var afterSeparator = next;
        var highest = Math.Min(text.Length, next + MaxBetween);
        while (next < highest && (text[next] is ' ' or '\t' || (text[next] is '*' && next - afterSeparator < 2 && separator == ':')))
        {
            next++;
        }

        isSpaced = next > afterSeparator;
        escapes = 0;
        while (next + escapes < highest && text[next + escapes] == '\\')
        {
            escapes++;
        }

        quote = next + escapes < text.Length && text[next + escapes] is '"' or '\'' or '`' ? text[next + escapes] : '\0';
        escapes = quote == 0 ? 0 : escapes;
        return quote == 0 ? next : next + escapes + 1;
    }
}
