using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Shadowcat.Sessions;

/// <summary>The names that lists of frames have, as far as this process has come to know them.</summary>
/// <remarks>
/// A list's name stands for what places in it mean: the frame at place <c>i</c> has the sequence <c>first + i</c>, as long as the list has that name.
/// Where frames are trimmed, or a push that nobody waits for any more may still be on its way, the list is renamed in the same atomic step: who knows
/// the old name finds no list, and asks. Almost every list keeps its first name for life, so that is the guess about one that nothing is known of.
/// </remarks>
internal sealed class ListNames
{
    /// <summary>The name of a list at first.</summary>
    public const string First = "0";

    private const int Digits = 16;

    /// <summary>How many other names are remembered; forgetting one costs a round trip.</summary>
    private const int MaxRemembered = 10_000;

    private readonly ConcurrentDictionary<SessionId, string> _others = [];

    /// <summary>A name never used.</summary>
    public static string New() => RandomNumberGenerator.GetHexString(Digits, lowercase: true);

    /// <summary>The name a list had when it was last heard of.</summary>
    public string Of(SessionId id) => _others.TryGetValue(id, out var name) ? name : First;

    public void Note(SessionId id, string name)
    {
        if (string.Equals(name, First, StringComparison.Ordinal))
        {
            _others.TryRemove(id, out _);
            return;
        }

        if (_others.Count >= MaxRemembered)
        {
            _others.Clear();
        }

        _others[id] = name;
    }
}
