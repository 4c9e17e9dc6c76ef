namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds the recorded message that is the same as one that is sent now.</summary>
/// <remarks>Each recorded message is taken once, in order; after the last one of the same, that one again. Not safe for several threads.</remarks>
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

    /// <summary>Whether a message of that method was ever sent.</summary>
    public bool Knows(string method) => _methods.Contains(method);

    /// <summary>What happened to messages of that method before they were stored, so that nobody can say whether one of them is the same; null where to none.</summary>
    public string? DamageOf(string method) => _damaged.GetValueOrDefault(method);

    /// <summary>The place of the message in the recording; null where there is none like it.</summary>
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

    /// <summary>How the peers find together says who they are, which differs from one client to the next: there the method is enough. Null where it is not, and there is no more to go by.</summary>
    private static (string Method, UInt128 Fingerprint)? Key(string method, UInt128? fingerprint) =>
        method is "initialize" or "server/discover" ? (method, default)
        : fingerprint is { } known ? (method, known)
        : null;
}
