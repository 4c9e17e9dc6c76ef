using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Shadowcat.Sessions;

/// <summary>Turns text that somebody else chose — a claim, a key, the id of a request — into text that every store accepts.</summary>
public static class StorableText
{
    /// <summary>The greatest length that <see cref="Of"/> returns, in characters.</summary>
    public const int MaxLength = 1000;

    private const string Hashed = "sha256:";
    private const int HashBytes = 16;

    /// <summary>Returns the text itself where every store accepts it as a key, a claim of an owner or metadata, and its hash where not.</summary>
    /// <param name="text">The text, of any length and any characters.</param>
    /// <returns>
    /// The text, or <c>sha256:</c> and the 32 digits of <see cref="HashOf"/> where it is empty, is longer than <see cref="MaxLength"/>, has control characters or surrogates, or begins with <c>sha256:</c>
    /// itself. Different texts give different results, as far as 128 bits of SHA-256 distinguish them.
    /// </returns>
    /// <exception cref="ArgumentNullException">The text is null.</exception>
    /// <example><code>var key = StorableText.Of($"tenant={tenant}");</code></example>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > 0 and <= MaxLength
            && !text.StartsWith(Hashed, StringComparison.Ordinal)
            && !text.Any(static character => char.IsControl(character) || char.IsSurrogate(character))
                ? text
                : Hashed + HashOf(text);
    }

    /// <summary>Returns 32 hexadecimal digits that stand for a text, the same in every process. They are a valid <see cref="SessionId"/>.</summary>
    /// <param name="text">The text, of any length and any characters.</param>
    /// <returns>The first 128 bits of the SHA-256 of its UTF-16 code units, in lower case. UTF-8 would make all unpaired surrogates one.</returns>
    /// <exception cref="ArgumentNullException">The text is null.</exception>
    public static string HashOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())).AsSpan(0, HashBytes));
    }
}
