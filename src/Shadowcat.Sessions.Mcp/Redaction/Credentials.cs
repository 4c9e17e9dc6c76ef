using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace Shadowcat.Sessions.Mcp;

/// <summary>What credentials are called, and what they look like.</summary>
internal static partial class Credentials
{
    private const int MaxNameLength = 64;

    /// <summary>As long as <c>passwd=x</c>.</summary>
    private const int ShortestMatch = 8;
    private const int LongestHint = 12;
    private const int ChunkLength = 1024;

    /// <summary>In lower case and without the characters that words are joined by.</summary>
    private static readonly FrozenSet<string> Members = FrozenSet.Create(
        StringComparer.Ordinal,
        "accesskey", "accesstoken", "apikey", "apisecret", "apitoken", "authorization", "authtoken", "bearertoken", "clientassertion", "clientsecret",
        "credentials", "idtoken", "jwt", "passphrase", "passwd", "password", "privatekey", "proxyauthorization", "pwd", "refreshtoken", "secret",
        "secretaccesskey", "secretkey", "sessiontoken", "token", "xapikey", "xauthtoken");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> MembersBySpan = Members.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What only a header is called.</summary>
    private static readonly FrozenSet<string> Headers = FrozenSet.Create(StringComparer.Ordinal, "cookie", "setcookie", "cookie2", "setcookie2", "xcsrftoken", "xamzsecuritytoken");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> HeadersBySpan = Headers.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>A part of every text that <see cref="Pattern"/> matches is one of these.</summary>
    private static readonly SearchValues<string> Hints = SearchValues.Create(
        ["eyJ", "earer", "uthorization", "oken", "ecret", "assw", "pi_key", "pi-key", "pikey"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Tells whether a member of this name holds a credential.</summary>
    public static bool IsMember(ReadOnlySpan<char> name) =>
        name.Length <= MaxNameLength && MembersBySpan.Contains(Joined(name, stackalloc char[MaxNameLength]));

    /// <summary>Tells whether a text holds something that looks like a credential, without looking closely.</summary>
    public static bool MayBeIn(ReadOnlySpan<byte> text)
    {
        // Many words at once can be looked for among characters only. Latin-1 gives every byte its own.
        Span<char> characters = stackalloc char[Math.Min(text.Length, ChunkLength)];
        for (; text.Length >= ShortestMatch; text = text[Math.Min(text.Length, ChunkLength - LongestHint)..])
        {
            var length = Encoding.Latin1.GetChars(text[..Math.Min(text.Length, ChunkLength)], characters);
            if (characters[..length].ContainsAny(Hints))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A text without what looks like a credential; the same object where there is nothing.</summary>
    public static string Redact(string text) => Pattern().Replace(text, match => match.Groups["before"].Value + CredentialRedactor.Replacement);

    /// <summary>Metadata without credentials; the same object where there are none.</summary>
    public static FrameMetadata Redact(FrameMetadata metadata)
    {
        Dictionary<string, string>? redacted = null;
        foreach (var (key, value) in metadata)
        {
            var replaced = IsHeader(key) ? CredentialRedactor.Replacement : Redact(value);
            if (!ReferenceEquals(replaced, value))
            {
                (redacted ??= new Dictionary<string, string>(metadata, StringComparer.Ordinal))[key] = replaced;
            }
        }

        return redacted is null ? metadata : FrameMetadata.Create(redacted);
    }

    /// <summary>A recorder may put something in front of a header's name: <c>http.request.header.authorization</c>.</summary>
    private static bool IsHeader(ReadOnlySpan<char> key)
    {
        var name = key[(key.LastIndexOfAny('.', ':') + 1)..];
        return name.Length <= MaxNameLength
            && Joined(name, stackalloc char[MaxNameLength]) is var joined
            && (MembersBySpan.Contains(joined) || HeadersBySpan.Contains(joined));
    }

    private static ReadOnlySpan<char> Joined(ReadOnlySpan<char> name, Span<char> buffer)
    {
        var length = 0;
        foreach (var character in name)
        {
            if (character is not ('_' or '-' or ' ' or '.'))
            {
                buffer[length++] = char.ToLowerInvariant(character);
            }
        }

        return buffer[..length];
    }

    /// <summary>In a text: a header, a member or a parameter whose name is that of a credential, a bearer token with a digit in it (prose has bearers too), or a JSON Web Token.</summary>
    [GeneratedRegex(
        """
        (?<before>authorization\\*["']?\s{0,4}[:=]\s{0,4}\\*["']?(?:(?:basic|bearer|digest|negotiate|token)\s+)?)[^\s"',;\\]+
        |(?<before>(?:(?:access|api|auth|bearer|id|refresh|session)[_-]?token|(?:client|api)[_-]?secret|api[_-]?key|secret[_-]?key|password|passwd)(?:=|\\*["']?\s{0,4}[:=]\s{0,4}\\*["']))[^\s"'&\\]+
        |(?<before>\bbearer\s+)(?=[\w.~+/-]*\d)[\w.~+/-]{8,}=*
        |\beyJ[\w-]{6,}\.eyJ[\w-]{6,}\.[\w-]*
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
