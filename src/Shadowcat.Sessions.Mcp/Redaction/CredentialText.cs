using System.Buffers;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds what looks like a credential in a text.</summary>
/// <remarks>Each of those who look goes through the text once and looks at what is around a place no more than a bounded number of times, so the time grows as the text does.</remarks>
internal static class CredentialText
{
    private const int ShortestText = 6;

    /// <summary>Every shape but a scheme with its token has one of these at least; much prose has none.</summary>
    private static readonly SearchValues<char> Signs = SearchValues.Create("0123456789:=|>@-_");

    /// <summary>The text without credentials; null where it has none.</summary>
    public static string? Redact(ReadOnlySpan<char> text) => Redact(text, out _);

    /// <inheritdoc cref="Redact(ReadOnlySpan{char})"/>
    public static string? Redact(ReadOnlySpan<char> text, out long work)
    {
        work = 0;
        if (text.Length < ShortestText)
        {
            return null;
        }

        // Base64 may do without any sign.
        var scan = new TextScan(text);
        AuthorizationSchemes.Find(ref scan);
        if (text.ContainsAny(Signs))
        {
            FindSigned(ref scan);
        }

        work = scan.Work;
        return scan.Apply();
    }

    private static void FindSigned(ref TextScan scan)
    {
        if (KnownTokens.FindUnmarked(ref scan))
        {
            JsonWebTokens.Find(ref scan);
        }

        if (scan.Text.ContainsAny('-', '_'))
        {
            KnownTokens.Find(ref scan);
            PrivateKeys.Find(ref scan);
            CommandLines.Find(ref scan);
        }

        AddressCredentials.Find(ref scan);
        NamedValues.Find(ref scan);
    }
}
