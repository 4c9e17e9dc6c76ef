using System.Security.Cryptography;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The id that a client of a server without sessions sends with each request. Nothing is stored under it but the recording.</summary>
/// <param name="Value">The id.</param>
/// <param name="IsIssued">Whether the client has it already; otherwise the answer to <c>initialize</c> issues it.</param>
internal sealed record ConversationId(string Value, bool IsIssued)
{
    /// <summary>Distinguishes these ids from those of sessions.</summary>
    private const string Prefix = "conversation-";

    private const int RandomBytes = 16;

    public static ConversationId New() => new(Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes)), IsIssued: false);

    /// <summary>The conversation id that a client sent; null where the text is none.</summary>
    public static ConversationId? Parse(string text) =>
        text.Length == Prefix.Length + (2 * RandomBytes) && text.StartsWith(Prefix, StringComparison.Ordinal) && text.AsSpan(Prefix.Length).IndexOfAnyExcept(HexDigits) < 0
            ? new ConversationId(text, IsIssued: true)
            : null;

    private static System.Buffers.SearchValues<char> HexDigits { get; } = System.Buffers.SearchValues.Create("0123456789abcdef");
}
