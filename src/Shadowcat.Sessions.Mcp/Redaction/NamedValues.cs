using System.Buffers;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds values in a text whose name marks them as credentials: <c>password=x</c>, <c>api_key: x</c>, <c>"token":"x"</c>, <c>Authorization: Basic x</c>, <c>?sig=x</c>.</summary>
internal static class NamedValues
{
    private const int LongestPhraseWord = 16;
    private const int ShortestCode = 16;
    private const int LongestLook = 256;

    private static readonly SearchValues<char> Separators = SearchValues.Create(":=|>");

    /// <summary>Cuts out the values.</summary>
    public static void Find(ref TextScan scan)
    {
        var text = scan.Text;
        var nameOfNext = CredentialKind.None;
        for (var position = 0; position < text.Length;)
        {
            var offset = text[position..].IndexOfAny(Separators);
            if (offset < 0)
            {
                return;
            }

            var at = position + offset;
            var pair = new NamedValue(text, at, position);
            scan.Work += Math.Min(offset + 1, CredentialNames.MaxLength) + 1;
            position = at + 1;
            if (pair.Name.IsEmpty || pair.IsOperator || IsPath(text, pair))
            {
                continue;
            }

            var kind = KindOf(text, pair, ref nameOfNext);
            if (kind != CredentialKind.None)
            {
                position = Math.Max(position, Cut(ref scan, pair, kind));
            }
        }
    }

    /// <summary>/etc/passwd</summary>
    private static bool IsPath(ReadOnlySpan<char> text, NamedValue pair) => pair.NameStart > 0 && text[pair.NameStart - 1] == '/';

    private static CredentialKind KindOf(ReadOnlySpan<char> text, NamedValue pair, ref CredentialKind nameOfNext)
    {
        // <add key="ApiKey" value="…">
        var isOfNext = nameOfNext;
        nameOfNext = CredentialKind.None;
        if (pair.Name is "value" && isOfNext != CredentialKind.None && pair.Quote != 0)
        {
            return isOfNext;
        }

        if (pair.Name is "name" or "key" && pair.Quote != 0)
        {
            var length = text[pair.ValueStart..Math.Min(text.Length, pair.ValueStart + CredentialNames.MaxLength)].IndexOfAny('"', '\'', '\\');
            nameOfNext = length > 0 ? CredentialNames.Of(text.Slice(pair.ValueStart, length)) : CredentialKind.None;
            return CredentialKind.None;
        }

        if (pair.Separator == '=' && pair.NameStart > 0 && text[pair.NameStart - 1] is '?' or '&' or '#')
        {
            return CredentialNames.OfParameter(pair.Name);
        }

        var kind = CredentialNames.Of(pair.Name);
        return kind is CredentialKind.None or CredentialKind.Possible && pair.NameStart > 1 && text[pair.NameStart - 1] == ' ' && CredentialNames.OfPhrase(Phrase(text, pair, 2)) is not CredentialKind.None and var two
            ? two
            : kind is CredentialKind.None && pair.NameStart > 1 && text[pair.NameStart - 1] == ' ' ? CredentialNames.OfPhrase(Phrase(text, pair, 3)) : kind;
    }

    /// <summary>The name with the words in front of it.</summary>
    private static ReadOnlySpan<char> Phrase(ReadOnlySpan<char> text, NamedValue pair, int words)
    {
        var start = pair.NameStart;
        for (; words > 1 && start > 1 && text[start - 1] == ' '; words--)
        {
            var lowest = Math.Max(0, start - 1 - LongestPhraseWord);
            for (start--; start > lowest && char.IsLetter(text[start - 1]); start--)
            {
            }
        }

        return text[start..(pair.NameStart + pair.Name.Length)];
    }

    /// <summary>Cuts out a value where it is a credential, and returns the position up to which the text was examined.</summary>
    private static int Cut(ref TextScan scan, NamedValue pair, CredentialKind kind)
    {
        var text = scan.Text;
        if (pair.Separator is '>' or '|')
        {
            return CutCell(ref scan, pair, kind);
        }

        if (pair.Quote != 0)
        {
            return CutQuoted(ref scan, pair, kind);
        }

        if (pair.ValueStart < text.Length && text[pair.ValueStart] is '{' or '[')
        {
            return pair.IsNameQuoted && kind is CredentialKind.Certain or CredentialKind.Header ? CutNested(ref scan, pair.ValueStart) : 0;
        }

        if (kind == CredentialKind.Header)
        {
            return CutHeader(ref scan, pair);
        }

        // What follows in a value that stays is looked at too: so no more than its beginning is looked at before it is known that it goes.
        var look = text[..Math.Min(text.Length, pair.ValueStart + LongestLook)];
        var end = TextValues.EndOf(look, pair.ValueStart);
        scan.Work += end - pair.ValueStart;
        if (!IsCredential(text, pair, kind, end))
        {
            return 0;
        }

        end = TextValues.EndOf(text, pair.ValueStart);
        scan.Work += end - pair.ValueStart;
        scan.Cut(pair.ValueStart, end);
        return end;
    }

    private static bool IsCredential(ReadOnlySpan<char> text, NamedValue pair, CredentialKind kind, int end)
    {
        var value = text[pair.ValueStart..end];
        if (value.IsEmpty || CredentialValues.IsPlaceholder(value) || value.Equals(pair.Name, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var isParameter = pair.Separator == '=' && pair.NameStart > 0 && text[pair.NameStart - 1] is '?' or '&' or '#';
        return kind switch
        {
            CredentialKind.Possible => CredentialValues.LooksSecret(value) && (!isParameter || pair.Name is not ("code" or "key" or "auth") || value.Length >= ShortestCode),
            CredentialKind.Code => CredentialValues.LooksLikeCode(value) || CredentialValues.LooksSecret(value),
            _ when CredentialValues.IsKnownWord(value) || CredentialValues.IsExpression(value) => false,
            _ when pair.Separator == '=' && !pair.IsSpaced => true,
            _ when !CredentialValues.IsWordy(value) => true,

            // password: hunter, alone on its line.
            _ => pair.Separator == ':' && TextValues.IsLastOfLine(text, end) && TextValues.IsFirstOfLine(text, pair.NameStart) && char.IsLetter(value[^1]),
        };
    }

    private static int CutQuoted(ref TextScan scan, NamedValue pair, CredentialKind kind)
    {
        var text = scan.Text;

        // A cheap check before its end is searched: most values that stay are short.
        var end = TextValues.EndOfQuoted(text, pair.ValueStart, pair.Quote, pair.Escapes);
        var value = text[pair.ValueStart..end];
        scan.Work += value.Length;
        var start = pair.ValueStart;
        var isCredential = !CredentialValues.IsPlaceholder(value) && kind switch
        {
            CredentialKind.Possible => CredentialValues.LooksSecret(value),
            CredentialKind.Code => CredentialValues.LooksLikeCode(value) || CredentialValues.LooksSecret(value),
            CredentialKind.Header => !CredentialValues.IsPlaceholder(value[AuthorizationSchemes.CredentialStart(value)..]),
            _ => !value.TrimEnd().IsEmpty,
        };
        if (!isCredential)
        {
            return 0;
        }

        start += kind == CredentialKind.Header ? AuthorizationSchemes.CredentialStart(value) : 0;
        scan.Cut(start, end);
        return end;
    }

    /// <summary>Cuts out the rest of a header, which ends with its line or, where the header stands in quotes, with the quote.</summary>
    private static int CutHeader(ref TextScan scan, NamedValue pair)
    {
        var text = scan.Text;
        var isQuoted = pair.NameStart > 0 && text[pair.NameStart - 1] is '"' or '\'' or '`';
        var quote = isQuoted ? text[pair.NameStart - 1] : '\0';
        var look = text[..Math.Min(text.Length, pair.ValueStart + LongestLook)];
        var value = text[pair.ValueStart..EndOfHeader(look, pair.ValueStart, quote)];
        scan.Work += value.Length;
        var start = AuthorizationSchemes.CredentialStart(value);
        if (!TextValues.IsHeaderValue(value, start, pair.Name))
        {
            return 0;
        }

        var end = EndOfHeader(text, pair.ValueStart, quote);
        scan.Work += end - pair.ValueStart;
        scan.Cut(pair.ValueStart + start, end);
        return end;
    }

    private static int EndOfHeader(ReadOnlySpan<char> text, int start, char quote)
    {
        var lineEnd = AuthorizationSchemes.EndOfLine(text, start);
        var offset = quote == 0 ? -1 : text[start..lineEnd].IndexOf(quote);
        return offset < 0 ? lineEnd : start + offset;
    }

    /// <summary>An element, <c>&lt;password&gt;x&lt;/password&gt;</c>, or a row of a table, <c>| password | x |</c>.</summary>
    private static int CutCell(ref TextScan scan, NamedValue pair, CredentialKind kind)
    {
        var text = scan.Text;
        var isElement = pair.Separator == '>';
        if (pair.Quote == '"' || pair.IsNameQuoted || pair.NameStart == 0 || (isElement ? text[pair.NameStart - 1] != '<' : !IsCell(text, pair.NameStart)))
        {
            return 0;
        }

        var start = pair.Quote == 0 ? pair.ValueStart : pair.ValueStart - 1 - pair.Escapes;
        var length = text[start..].IndexOfAny(isElement ? "<\r\n" : "|\r\n");
        if (length <= 0 || (isElement ? start + length + 1 == text.Length || text[(start + length)..(start + length + 2)] is not "</" : text[start + length] != '|'))
        {
            return 0;
        }

        var value = text.Slice(start, length).TrimEnd();
        scan.Work += value.Length;
        if (CredentialValues.IsPlaceholder(value) || (isElement && kind == CredentialKind.Certain ? CredentialValues.IsKnownWord(value)
            : kind == CredentialKind.Certain ? CredentialValues.IsWordy(value) || value.Contains(' ') : !CredentialValues.LooksSecret(value.Trim('`'))))
        {
            return 0;
        }

        scan.Cut(start, start + value.Length);
        return start + value.Length;
    }

    private static bool IsCell(ReadOnlySpan<char> text, int start) =>
        text[Math.Max(0, start - LongestPhraseWord)..start].TrimEnd(' ').EndsWith('|');

    private static int CutNested(ref TextScan scan, int start)
    {
        if (TextValues.IsSchema(scan.Text[start..]))
        {
            return 0;
        }

        var end = TextValues.EndOfNested(scan.Text, start);
        scan.Work += end - start;
        scan.Cut(start, end - start > 2 ? end : start);
        return end;
    }
}
