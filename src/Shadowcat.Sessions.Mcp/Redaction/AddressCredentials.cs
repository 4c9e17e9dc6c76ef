using System.Buffers;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds the password in front of the host of an address: <c>scheme://user:password@host</c>, <c>user:password@host:port</c>.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1"/>
internal static class AddressCredentials
{
    private const string Authority = "://";
    private const int ShortestLoneToken = 16;
    private const int LongestLook = 128;

    private static readonly SearchValues<char> AuthorityEnds = SearchValues.Create("/?# \t\r\n\"'<>`\\,;");
    private static readonly SearchValues<char> AddressEnds = SearchValues.Create(" \t\r\n\"'<>`\\)");
    private static readonly SearchValues<char> UserEnds = SearchValues.Create("/?# \t\r\n\"'<>`\\,;@=([{|");

    /// <summary>What stands in front of a colon and of no password.</summary>
    private static readonly string[] Schemes = ["mailto", "sip", "sips", "xmpp", "npm", "email", "mail", "cc", "to", "from", "bcc", "acct", "workspace", "im", "contact"];

    /// <summary>Cuts out the password.</summary>
    public static void Find(ref TextScan scan)
    {
        if (scan.Text.Contains('@'))
        {
            FindInAddresses(ref scan);
            FindBeforeHosts(ref scan);
        }
    }

    /// <summary>Where the address of a place ends.</summary>
    public static int EndOfAddress(ReadOnlySpan<char> text, int from)
    {
        var length = text[from..].IndexOfAny(AddressEnds);
        return length < 0 ? text.Length : from + length;
    }

    private static void FindInAddresses(ref TextScan scan)
    {
        var text = scan.Text;
        for (var position = 0; position < text.Length;)
        {
            var offset = text[position..].IndexOf(Authority, StringComparison.Ordinal);
            if (offset < 0)
            {
                return;
            }

            // The authority ends at a slash, so nothing is looked at twice.
            var start = position + offset + Authority.Length;
            var length = text[start..].IndexOfAny(AuthorityEnds);
            position = length < 0 ? text.Length : start + length;
            scan.Work += position - start;
            var at = text[start..position].LastIndexOf('@');
            if (at > 0)
            {
                FindInUser(ref scan, start, start + at);
            }
        }
    }

    private static void FindInUser(ref TextScan scan, int start, int end)
    {
        var user = scan.Text[start..end];
        var colon = user.IndexOf(':');
        var secret = user[(colon + 1)..];
        if (colon >= 0 ? !CredentialValues.IsPlaceholder(secret) : secret.Length >= ShortestLoneToken && CredentialValues.LooksSecret(secret))
        {
            scan.Cut(end - secret.Length, end);
        }
    }

    private static void FindBeforeHosts(ref TextScan scan)
    {
        var text = scan.Text;
        for (var position = 0; position < text.Length;)
        {
            var offset = text[position..].IndexOf('@');
            if (offset < 0)
            {
                return;
            }

            var at = position + offset;
            var look = text[Math.Max(position, at - LongestLook)..at];
            position = at + 1;
            scan.Work += look.Length;
            var before = look[(look.LastIndexOfAny(UserEnds) + 1)..];
            var colon = before.IndexOf(':');
            if (colon > 0 && CredentialValues.LooksSecret(before[(colon + 1)..]) && !IsScheme(before[..colon]) && IsHost(text[position..]))
            {
                scan.Cut(at - before.Length + colon + 1, at);
            }
        }
    }

    private static bool IsScheme(ReadOnlySpan<char> user)
    {
        foreach (var scheme in Schemes)
        {
            if (user.Equals(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A host with a port, a path or a protocol around it: an e-mail address has none of them.</summary>
    private static bool IsHost(ReadOnlySpan<char> text)
    {
        var end = text[..Math.Min(text.Length, LongestLook)].IndexOfAnyExcept(HostCharacters);
        return end > 0 && text[end] switch
        {
            '(' or '/' => true,
            ':' => end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]) && !text[..end].StartsWith("sha256"),
            _ => false,
        };
    }

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");
}
