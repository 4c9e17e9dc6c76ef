using System.Security.Cryptography;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>What a client of a server without sessions is given to say with each request, and nothing else is kept under.</summary>
/// <param name="Value">The text.</param>
/// <param name="IsGiven">Whether it was given to the client before; else it is given with the answer to <c>initialize</c>.</param>
internal sealed record ConversationId(string Value, bool IsGiven)
{
    /// <summary>Tells these from the ids of sessions.</summary>
    private const string Prefix = "conversation-";

    private const int RandomBytes = 16;

    public static ConversationId New() => new(Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes)), IsGiven: false);

    /// <summary>The id that a client names; null where that is none of these.</summary>
    public static ConversationId? Parse(string text) =>
        text.Length == Prefix.Length + (2 * RandomBytes) && text.StartsWith(Prefix, StringComparison.Ordinal) && text.AsSpan(Prefix.Length).IndexOfAnyExcept(HexDigits) < 0
            ? new ConversationId(text, IsGiven: true)
            : null;

    private static System.Buffers.SearchValues<char> HexDigits { get; } = System.Buffers.SearchValues.Create("0123456789abcdef");
}
