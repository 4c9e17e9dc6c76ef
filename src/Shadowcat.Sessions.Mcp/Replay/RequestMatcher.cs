namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds the recorded request that is the same as one that is made now.</summary>
/// <remarks>Each recorded request is taken once, in order; after the last one of the same, that one again. Not safe for several threads.</remarks>
internal sealed class RequestMatcher
{
    private readonly Dictionary<(string Method, UInt128 Fingerprint), Queue<int>> _requests = [];
    private readonly HashSet<string> _methods = new(StringComparer.Ordinal);
    private readonly SortedSet<int> _untaken = [];

    /// <param name="messages">The recording.</param>
    /// <param name="from">Whose requests.</param>
    public RequestMatcher(RecordedMessages messages, MessageDirection from)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            if (!messages[i].IsFrom(from, MessageKind.Request) || messages[i] is not { Method: { } method, Fingerprint: var fingerprint })
            {
                continue;
            }

            _methods.Add(method);
            if (Key(method, fingerprint) is { } key)
            {
                (_requests.TryGetValue(key, out var same) ? same : _requests[key] = new Queue<int>()).Enqueue(i);
                _untaken.Add(i);
            }
        }
    }

    /// <summary>The places of the requests that were not taken.</summary>
    public IReadOnlyCollection<int> Untaken => _untaken;

    /// <summary>Whether a request of that method was ever made.</summary>
    public bool Knows(string method) => _methods.Contains(method);

    /// <summary>The place of the request in the recording; null where there is none like it.</summary>
    public int? Take(string method, UInt128? fingerprint)
    {
        if (Key(method, fingerprint) is not { } key || !_requests.TryGetValue(key, out var same))
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
