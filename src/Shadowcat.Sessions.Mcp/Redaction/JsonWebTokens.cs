using System.Buffers;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds JSON Web Tokens: signed ones of three parts, the first two of which are objects, and encrypted ones of five.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc7519"/>
internal static class JsonWebTokens
{
    /// <summary>An opening brace and a quote in Base64.</summary>
    public const string Beginning = "eyJ";

    private const int ShortestPart = 8;
    private const int PartsOfEncrypted = 5;

    private static readonly SearchValues<char> PartCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    /// <summary>Cuts them out.</summary>
    public static void Find(ref TextScan scan)
    {
        var text = scan.Text;
        var failedUntil = 0;
        for (var position = 0; position < text.Length;)
        {
            var offset = text[position..].IndexOf(Beginning, StringComparison.Ordinal);
            if (offset < 0)
            {
                return;
            }

            var at = position + offset;
            position = at + Beginning.Length;

            // What begins later in a part that no further part follows is followed by none either.
            if (at < failedUntil || (at > 0 && (char.IsLetterOrDigit(text[at - 1]) || text[at - 1] == '_')))
            {
                continue;
            }

            if (TryRead(ref scan, at, out var end))
            {
                scan.Cut(at, end);
                position = end;
            }
            else
            {
                failedUntil = end;
            }
        }
    }

    /// <summary>Reads a token; where it is none, the end is that of its first part.</summary>
    private static bool TryRead(ref TextScan scan, int at, out int end)
    {
        var text = scan.Text;
        end = EndOfPart(ref scan, at);
        if (end - at < ShortestPart || end == text.Length || text[end] != '.')
        {
            return false;
        }

        var second = end + 1;
        var isSigned = text[second..].StartsWith(Beginning, StringComparison.Ordinal);
        var last = second;
        for (var part = 2; part <= PartsOfEncrypted; part++)
        {
            var partEnd = EndOfPart(ref scan, last);
            if (part == PartsOfEncrypted && partEnd - second >= ShortestPart)
            {
                end = partEnd;
                return true;
            }

            if (isSigned && (part == 3 || partEnd == text.Length || text[partEnd] != '.'))
            {
                end = partEnd;
                return partEnd - second >= ShortestPart;
            }

            if (partEnd == text.Length || text[partEnd] != '.')
            {
                return false;
            }

            last = partEnd + 1;
        }

        return false;
    }

    private static int EndOfPart(ref TextScan scan, int start)
    {
        var length = scan.Text[start..].IndexOfAnyExcept(PartCharacters);
        var end = length < 0 ? scan.Text.Length : start + length;
        scan.Work += end - start;
        return end;
    }
}
