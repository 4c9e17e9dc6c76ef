using System.Buffers;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds what looks like a credential in a text.</summary>
/// <remarks>Each of those who look goes through the text once and looks at what is around a place no more than a bounded number of times, so the time grows as the text does.</remarks>
internal static class CredentialText
{
    private const int ShortestText = 6;

    /// <summary>Every shape has one of these at least; much prose has none.</summary>
    private static readonly SearchValues<char> Signs = SearchValues.Create("0123456789:=|>@-_");

    /// <summary>The text without credentials; null where it has none.</summary>
    public static string? Redact(ReadOnlySpan<char> text) => Redact(text, out _);

    /// <inheritdoc cref="Redact(ReadOnlySpan{char})"/>
    public static string? Redact(ReadOnlySpan<char> text, out long work)
    {
        work = 0;
        if (text.Length < ShortestText || !text.ContainsAny(Signs))
        {
            return null;
        }

        var scan = new TextScan(text);
        if (KnownTokens.FindUnmarked(ref scan))
        {
            JsonWebTokens.Find(ref scan);
        }

        if (text.ContainsAny('-', '_'))
        {
            KnownTokens.Find(ref scan);
            PrivateKeys.Find(ref scan);
            CommandLines.Find(ref scan);
        }

        AuthorizationSchemes.Find(ref scan);
        AddressCredentials.Find(ref scan);
        NamedValues.Find(ref scan);
        work = scan.Work;
        return scan.Apply();
    }
}
