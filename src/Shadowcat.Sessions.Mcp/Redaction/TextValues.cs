using System.Buffers;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds where a value in a text ends, and what kind of value it is by its position.</summary>
internal static class TextValues
{
    private const int LongestIndent = 16;
    private const int LongestWords = 4;

    private static readonly SearchValues<char> Stops = SearchValues.Create(" \t\r\n\"'`<>\\&;,)]}|");

    private static readonly SearchValues<char> PlaceholderEnds = SearchValues.Create(" \t\r\n\"'`;,&)");

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-. ");

    /// <summary>Where a value without quotes ends.</summary>
    public static int EndOf(ReadOnlySpan<char> text, int start)
    {
        if (start < text.Length && text[start] is '$' or '<' or '{' or '%')
        {
            return EndOfPlaceholder(text, start);
        }

        for (var at = start; at < text.Length; at++)
        {
            var offset = text[at..].IndexOfAny(Stops);
            if (offset < 0)
            {
                return text.Length;
            }

            at += offset;
            if (IsEnd(text, at))
            {
                return at;
            }
        }

        return text.Length;
    }

    /// <summary>Where a value in quotes ends; where they are not closed, its line does.</summary>
    public static int EndOfQuoted(ReadOnlySpan<char> text, int start, char quote, int escapes)
    {
        for (var at = start; at < text.Length; at++)
        {
            var offset = text[at..].IndexOfAny(quote, '\n');
            if (offset < 0)
            {
                return text.Length;
            }

            at += offset;
            var before = at;
            while (before > start && text[before - 1] == '\\')
            {
                before--;
            }

            if (text[at] == '\n' || at - before <= escapes)
            {
                return text[at] == '\n' ? at : before;
            }
        }

        return text.Length;
    }

    /// <summary>Where an object or an array ends; the end of the text where it is not closed.</summary>
    public static int EndOfNested(ReadOnlySpan<char> text, int start)
    {
        var depth = 0;
        var isQuoted = false;
        for (var at = start; at < text.Length; at++)
        {
            var offset = text[at..].IndexOfAny("\"{}[]");
            if (offset < 0)
            {
                return text.Length;
            }

            at += offset;
            var isEscaped = isQuoted && IsOdd(text, at, start);
            isQuoted ^= text[at] == '"' && !isEscaped;
            depth += isQuoted ? 0 : text[at] switch { '{' or '[' => 1, '}' or ']' => -1, _ => 0 };
            if (depth == 0)
            {
                return at + 1;
            }
        }

        return text.Length;
    }

    /// <summary>Whether an object describes a value and holds none: its first member is a keyword of JSON Schema.</summary>
    public static bool IsSchema(ReadOnlySpan<char> value)
    {
        var quote = value[..Math.Min(value.Length, LongestIndent * 2)].IndexOf('"');
        if (value[0] != '{' || quote < 0)
        {
            return false;
        }

        var rest = value[(quote + 1)..];
        var end = rest[..Math.Min(rest.Length, CredentialNames.MaxLength)].IndexOfAny('"', '\\');
        return end > 0 && SchemaKeywords.Contains(rest[..end]);
    }

    /// <summary>Whether what stands behind the name of a header is its value and no prose.</summary>
    public static bool IsHeaderValue(ReadOnlySpan<char> value, int credentialStart, ReadOnlySpan<char> name)
    {
        var credential = value[credentialStart..].TrimEnd();
        if (credential.IsEmpty || CredentialValues.IsPlaceholder(credential) || CredentialValues.IsPlaceholder(FirstWord(credential)))
        {
            return false;
        }

        if (name.EndsWith("cookie", StringComparison.OrdinalIgnoreCase) || name.EndsWith('2'))
        {
            return credential.Contains('=');
        }

        if (credential.IndexOf(' ') < 0)
        {
            return !CredentialValues.IsKnownWord(credential);
        }

        // Words of which one of the first is none.
        for (var words = 0; words < LongestWords && !credential.IsEmpty; words++)
        {
            var word = FirstWord(credential);
            if (!CredentialValues.IsWordy(word))
            {
                return true;
            }

            credential = credential[word.Length..].TrimStart();
        }

        return false;
    }

    /// <summary>Whether only blanks, and what lists and quotations begin with, stand in front of a place in its line.</summary>
    public static bool IsFirstOfLine(ReadOnlySpan<char> text, int at)
    {
        for (var indent = 0; indent < LongestIndent && at > 0; indent++, at--)
        {
            if (text[at - 1] == '\n')
            {
                return true;
            }

            if (text[at - 1] is not (' ' or '\t' or '-' or '>' or '*' or '"' or '\''))
            {
                return false;
            }
        }

        return at == 0;
    }

    /// <summary>Whether nothing but blanks follows a place in its line.</summary>
    public static bool IsLastOfLine(ReadOnlySpan<char> text, int at)
    {
        var offset = text[at..Math.Min(text.Length, at + LongestIndent)].IndexOfAnyExcept(' ', '\t', '\r');
        return offset < 0 ? text.Length - at < LongestIndent : text[at + offset] == '\n';
    }

    private static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> text)
    {
        var blank = text.IndexOf(' ');
        return blank < 0 ? text : text[..blank];
    }

    /// <summary>A separator ends a value where something else begins behind it; else it is a part of it.</summary>
    private static bool IsEnd(ReadOnlySpan<char> text, int at)
    {
        if (text[at] == '\\')
        {
            return at + 1 < text.Length && text[at + 1] is 'n' or 'r' or 't' or '"' or '\'' or '\\' or 'u';
        }

        if (text[at] is not ('&' or ';' or ',' or ')' or ']' or '}' or '|') || at + 1 == text.Length || Stops.Contains(text[at + 1]))
        {
            return true;
        }

        if (text[at] is not ('&' or ';' or ','))
        {
            return !char.IsLetterOrDigit(text[at + 1]);
        }

        var rest = text[(at + 1)..Math.Min(text.Length, at + 1 + CredentialNames.MaxLength)];
        var name = rest.IndexOfAnyExcept(NameCharacters);
        return name > 0 && rest[name] is '=' or ':';
    }

    private static int EndOfPlaceholder(ReadOnlySpan<char> text, int start)
    {
        var look = text[start..Math.Min(text.Length, start + (2 * CredentialNames.MaxLength))];
        var close = text[start] switch
        {
            '<' => look.IndexOf('>'),
            '%' => look[1..].IndexOf('%') + 1,
            _ when look.StartsWith("${{") || look.StartsWith("{{") => look.IndexOf("}}") + 1,
            _ when look.StartsWith("${") || look[0] == '{' => look.IndexOf('}'),
            _ when look.StartsWith("$(") => look.IndexOf(')'),
            _ => -1,
        };
        if (close > 0)
        {
            return start + close + 1;
        }

        var length = text[start..].IndexOfAny(PlaceholderEnds);
        return length < 0 ? text.Length : start + length;
    }

    private static bool IsOdd(ReadOnlySpan<char> text, int at, int start)
    {
        var before = at;
        while (before > start && text[before - 1] == '\\')
        {
            before--;
        }

        return ((at - before) & 1) == 1;
    }
}
