namespace Shadowcat.Sessions.Redis;

/// <summary>The token in the key of a list of frames. A new one is drawn when a session is created, and whenever places in its list come to mean other sequences. No two lists ever have the same.</summary>
/// <remarks>
/// The frame at place <c>i</c> of a list has the sequence <c>first + i</c>, as long as the list has that token. A command that names an old token finds no
/// list. The token stands before the id and has a fixed length, so no id can spell the list of another session. See <c>docs/design/exactly-once.md</c>.
/// </remarks>
internal static class FencingToken
{
    /// <summary>Stands for an unknown token. No list has it.</summary>
    public const string None = "";

    /// <summary>A token never used.</summary>
    public static string New() => RandomDigits.Next();
}
