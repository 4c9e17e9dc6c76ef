using System.Security.Cryptography;

namespace Shadowcat.Sessions.Redis;

/// <summary>What the key of a list of frames begins with: drawn anew when a session is created, and whenever the meaning of places in its list changes. No other list ever has it.</summary>
/// <remarks>
/// The frame at place <c>i</c> of a list has the sequence <c>first + i</c>, as long as the list has that token. Who knows an old one finds no list, and asks. It
/// stands before the id and always has so many digits, so no id can spell the list of another session. See <c>docs/design/exactly-once.md</c>.
/// </remarks>
internal static class FencingToken
{
    /// <summary>What stands for a token that is not known. No list has it.</summary>
    public const string None = "";

    private const int Digits = 16;

    /// <summary>A token never used.</summary>
    public static string New() => RandomNumberGenerator.GetHexString(Digits, lowercase: true);
}
