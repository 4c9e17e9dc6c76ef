using System.Buffers;
using System.Text;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Redacts the texts of JSON, and JSON that is in them.</summary>
internal static class JsonStrings
{
    /// <summary>JSON may be in a text in JSON; every time the text becomes shorter.</summary>
    private const int MaxTextsAround = 8;
    private const int MaxStackCharacters = 256;
    private const int ShortestText = 6;

    /// <summary>What stands where a value was taken out.</summary>
    public static readonly byte[] Replacement = JsonTexts.Write(CredentialRedactor.Replacement);

    /// <summary>A text without credentials, in quotes; null where it has none.</summary>
    /// <param name="utf8">What stands between the quotes.</param>
    /// <param name="isEscaped">Whether there are escapes in it.</param>
    /// <param name="kind">The kind of credential by its name.</param>
    /// <param name="textsAround">In how many texts it is.</param>
    public static byte[]? Redact(ReadOnlySpan<byte> utf8, bool isEscaped, CredentialKind kind, int textsAround)
    {
        if (kind == CredentialKind.None && utf8.Length < ShortestText)
        {
            return null;
        }

        var rented = utf8.Length > MaxStackCharacters ? ArrayPool<char>.Shared.Rent(utf8.Length) : null;
        try
        {
            var buffer = rented ?? stackalloc char[MaxStackCharacters];
            var text = buffer[..(isEscaped ? JsonTexts.Read(utf8, buffer) : Encoding.UTF8.GetChars(utf8, buffer))];
            return kind != CredentialKind.None && IsCredential(text, kind) ? Replacement
                : Redact(text, textsAround) is { } redacted ? JsonTexts.Write(redacted)
                : null;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    /// <summary>Whether a text is a credential, where it may be one by its name.</summary>
    private static bool IsCredential(ReadOnlySpan<char> text, CredentialKind kind) => kind switch
    {
        CredentialKind.None => false,
        CredentialKind.Possible => CredentialValues.LooksSecret(text),
        CredentialKind.Code => CredentialValues.LooksLikeCode(text) || CredentialValues.LooksSecret(text),
        CredentialKind.Header => !CredentialValues.IsPlaceholder(text[AuthorizationSchemes.CredentialStart(text)..]),
        _ => !CredentialValues.IsPlaceholder(text),
    };

    private static string? Redact(ReadOnlySpan<char> text, int textsAround)
    {
        var trimmed = text.Trim();
        if (textsAround >= MaxTextsAround || trimmed.Length < 2 || (trimmed[0], trimmed[^1]) is not (('{', '}') or ('[', ']')))
        {
            return CredentialText.Redact(text);
        }

        var json = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var utf8 = json.AsSpan(0, Encoding.UTF8.GetBytes(text, json));
            var edits = new JsonEdits();
            return !new JsonRedaction(utf8, [], edits, textsAround + 1).TryRead() ? CredentialText.Redact(text)
                : edits.Apply(utf8) is { } redacted ? Encoding.UTF8.GetString(redacted)
                : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(json);
        }
    }
}
