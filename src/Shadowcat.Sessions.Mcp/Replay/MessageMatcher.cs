namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds the recorded message that equals an actual one.</summary>
/// <remarks>Of equal messages, each is taken once, in order, and the last one again and again. Not safe for several threads.</remarks>
internal sealed class MessageMatcher
{
    private readonly Dictionary<(string Method, UInt128 Fingerprint), Queue<int>> _messages = [];
    private readonly HashSet<string> _methods = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _damaged = new(StringComparer.Ordinal);
    private readonly SortedSet<int> _untaken = [];

    /// <param name="messages">The recording.</param>
    /// <param name="from">Whose messages.</param>
    /// <param name="kind">Whether requests or notifications.</param>
    public MessageMatcher(RecordedMessages messages, MessageDirection from, MessageKind kind)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            if (!messages[i].IsFrom(from, kind) || messages[i] is not { Method: { } method, Fingerprint: var fingerprint })
            {
                continue;
            }

            _methods.Add(method);
            if (messages[i].Damage is { } damage)
            {
                _damaged[method] = !_damaged.TryGetValue(method, out var known) ? damage
                    : known.Split(" or ").Contains(damage) ? known
                    : $"{known} or {damage}";
            }

            if (Key(method, fingerprint) is { } key)
            {
                (_messages.TryGetValue(key, out var same) ? same : _messages[key] = new Queue<int>()).Enqueue(i);
                _untaken.Add(i);
            }
        }
    }

    /// <summary>The places of the messages that were not taken.</summary>
    public IReadOnlyCollection<int> Untaken => _untaken;

    /// <summary>Whether the recording has a message of that method.</summary>
    public bool Knows(string method) => _methods.Contains(method);

    /// <summary>How messages of that method were damaged when they were recorded, so that they cannot be compared; null where none was.</summary>
    public string? DamageOf(string method) => _damaged.GetValueOrDefault(method);

    /// <summary>The place of an equal message in the recording; null where there is none.</summary>
    public int? Take(string method, UInt128? fingerprint)
    {
        if (Key(method, fingerprint) is not { } key || !_messages.TryGetValue(key, out var same))
        {
            return null;
        }

        var place = same.Count > 1 ? same.Dequeue() : same.Peek();
        _untaken.Remove(place);
        return place;
    }

    /// <summary>The handshake names the client, which differs, so there the method is enough. Null where the method is not enough and there is no fingerprint.</summary>
    private static (string Method, UInt128 Fingerprint)? Key(string method, UInt128? fingerprint) =>
        method is "initialize" or "server/discover" ? (method, default)
        : fingerprint is { } known ? (method, known)
        : null;
}
