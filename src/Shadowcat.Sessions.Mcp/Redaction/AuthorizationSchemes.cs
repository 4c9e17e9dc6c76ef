using System.Buffers;
using System.Buffers.Text;
using System.Collections.Frozen;
using System.Text;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds <c>Bearer</c> and <c>Basic</c> with what follows them, and reads what stands in an authorization header.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc9110#name-authentication-scheme"/>
internal static class AuthorizationSchemes
{
    private const int ShortestToken = 8;
    private const int LongestLook = 512;

    /// <summary>Looked for together with the schemes, since every search costs.</summary>
    private const string Netrc = " password ";

    private static readonly FrozenSet<string> Schemes = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "basic", "bearer", "digest", "negotiate", "ntlm", "token", "apikey", "api-key", "hawk", "hoba", "mutual", "oauth", "dpop", "gnap", "ssws", "privatetoken", "scram-sha-256", "vapid",
        "aws", "aws4-hmac-sha256", "aws4-ecdsa-p256-sha256", "sharedaccesssignature", "sharedkey", "sharedkeylite", "key", "jwt", "splunk", "genie-key", "discogs", "googlelogin", "bot");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SchemesBySpan = Schemes.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<string> InText = SearchValues.Create(["bearer ", "basic ", "bearer\t", "basic\t", Netrc], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.~+/=");

    /// <summary>Cuts out what follows a scheme.</summary>
    public static void Find(ref TextScan scan)
    {
        var text = scan.Text;
        for (var position = 0; position < text.Length;)
        {
            var offset = text[position..].IndexOfAny(InText);
            if (offset < 0)
            {
                return;
            }

            var at = position + offset;
            if (text[at] == Netrc[0])
            {
                CommandLines.FindInNetrc(ref scan, at);
                position = at + Netrc.Length - 1;
                continue;
            }

            var isBearer = text[at] is 'b' or 'B' && text[at + 1] is 'e' or 'E';
            var schemeEnd = at + (isBearer ? "bearer".Length : "basic".Length);
            position = schemeEnd;
            if ((at > 0 && char.IsLetterOrDigit(text[at - 1])) || schemeEnd == text.Length || text[schemeEnd] is not (' ' or '\t'))
            {
                continue;
            }

            var start = SkipBlanks(text, schemeEnd);
            var length = text[start..].IndexOfAnyExcept(TokenCharacters);
            var end = length < 0 ? text.Length : start + length;
            scan.Work += end - at;
            position = end;
            if (isBearer ? IsBearer(text[start..end]) : IsBasic(text[start..end]))
            {
                // A text that begins so is the value of a header, and all of it belongs to it.
                position = at == 0 ? EndOfLine(text, end) : end;
                scan.Cut(start, at == 0 ? position : start + text[start..end].TrimEnd('.').Length);
            }
        }
    }

    /// <summary>Where the credential begins in the value of an authorization header: behind a known scheme.</summary>
    public static int CredentialStart(ReadOnlySpan<char> value)
    {
        var blank = value.IndexOfAny(' ', '\t');
        return blank > 0 && SchemesBySpan.Contains(value[..blank]) ? SkipBlanks(value, blank) : 0;
    }

    /// <summary>Where the line of a place ends; in JSON that is read as a text it may end with an escape.</summary>
    public static int EndOfLine(ReadOnlySpan<char> text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny('\r', '\n', '\\');
            if (next < 0)
            {
                return text.Length;
            }

            at += next;
            if (text[at] != '\\' || (at + 1 < text.Length && text[at + 1] is 'n' or 'r'))
            {
                return at;
            }
        }

        return text.Length;
    }

    /// <summary>Prose has bearers too, but none with a digit.</summary>
    private static bool IsBearer(ReadOnlySpan<char> token) =>
        token.Length >= ShortestToken && token.ContainsAnyInRange('0', '9');

    private static bool IsBasic(ReadOnlySpan<char> token)
    {
        Span<byte> ascii = stackalloc byte[LongestLook];
        token = token[..Math.Min(token.Length, LongestLook)];
        if (token.Length < ShortestToken || !Ascii.IsValid(token))
        {
            return false;
        }

        var length = Encoding.ASCII.GetBytes(token, ascii);
        Span<byte> decoded = stackalloc byte[LongestLook];
        return Base64.DecodeFromUtf8(ascii[..(length & ~3)], decoded, out _, out var written) == OperationStatus.Done && decoded[..written].Contains((byte)':');
    }

    private static int SkipBlanks(ReadOnlySpan<char> text, int from)
    {
        var offset = text[from..].IndexOfAnyExcept(' ', '\t');
        return offset < 0 ? text.Length : from + offset;
    }
}
