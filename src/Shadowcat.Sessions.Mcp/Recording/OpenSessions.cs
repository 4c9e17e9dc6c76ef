using System.Diagnostics.CodeAnalysis;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The sessions without a connection of their own that are kept in mind, by the keys that lead to them; the one that was silent longest makes room.</summary>
internal sealed class OpenSessions(int maxSessions, TimeProvider clock)
{
    private const int MaxKeysOfASession = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _newestFirst = new();

    /// <summary>Finds the session of a key.</summary>
    public bool TryFind(ReadOnlySpan<char> key, [MaybeNullWhen(false)] out RecordedSession session)
    {
        lock (_lock)
        {
            session = Use(key)?.Session;
            return session is not null;
        }
    }

    /// <summary>Finds the session of a key, or takes it up.</summary>
    /// <param name="key">The key.</param>
    /// <param name="make">Makes the session where there is none.</param>
    /// <param name="forgotten">The one that had to make room; null where none had to.</param>
    public RecordedSession GetOrAdd(string key, Func<string, RecordedSession> make, out RecordedSession? forgotten)
    {
        lock (_lock)
        {
            forgotten = null;
            if (Use(key) is { } known)
            {
                return known.Session;
            }

            var session = make(key);
            _byKey[key] = _newestFirst.AddFirst(new Entry(session, clock.GetTimestamp()));
            if (_newestFirst.Count > maxSessions)
            {
                forgotten = _newestFirst.Last!.Value.Session;
                Remove(_newestFirst.Last);
            }

            return session;
        }
    }

    /// <summary>Lets another key lead to a session too, while it is kept in mind; false where it led to one before, or the session is not.</summary>
    public bool Alias(string key, RecordedSession session)
    {
        lock (_lock)
        {
            if (session.Key is { } own && _byKey.TryGetValue(own, out var node) && node.Value.Session == session && !_byKey.ContainsKey(key))
            {
                _byKey[key] = node;
                node.Value.Keys.Enqueue(key);
                if (node.Value.Keys.Count > MaxKeysOfASession)
                {
                    _byKey.Remove(node.Value.Keys.Dequeue());
                }

                return true;
            }

            return false;
        }
    }

    /// <summary>Notes that a session is in use.</summary>
    public void Use(RecordedSession session)
    {
        lock (_lock)
        {
            if (session.Key is { } key && _byKey.TryGetValue(key, out var node) && node.Value.Session == session)
            {
                Use(key);
            }
        }
    }

    /// <summary>Forgets a session.</summary>
    public void Remove(RecordedSession session)
    {
        lock (_lock)
        {
            if (session.Key is { } key && _byKey.TryGetValue(key, out var node) && node.Value.Session == session)
            {
                Remove(node);
            }
        }
    }

    /// <summary>Forgets the sessions that are idle, and returns them.</summary>
    /// <param name="silence">How long nothing was said where nothing is open.</param>
    /// <param name="openSilence">How long nothing was said where something is: nobody may be at the other end any more.</param>
    public List<RecordedSession> TakeIdle(TimeSpan silence, TimeSpan openSilence)
    {
        lock (_lock)
        {
            var idle = SilentFor(silence).Where(node => !node.Value.Session.IsOpen || SilenceOf(node.Value) >= openSilence).ToList();
            idle.ForEach(Remove);
            return idle.ConvertAll(node => node.Value.Session);
        }
    }

    /// <summary>The sessions in which something is open, and nothing was said for as long.</summary>
    public List<RecordedSession> FindOpen(TimeSpan silence)
    {
        lock (_lock)
        {
            return [.. SilentFor(silence).Select(node => node.Value.Session).Where(session => session.IsOpen)];
        }
    }

    /// <summary>Forgets all sessions, and returns them.</summary>
    public List<RecordedSession> TakeAll()
    {
        lock (_lock)
        {
            var all = _newestFirst.Select(entry => entry.Session).ToList();
            _newestFirst.Clear();
            _byKey.Clear();
            return all;
        }
    }

    private IEnumerable<LinkedListNode<Entry>> SilentFor(TimeSpan silence)
    {
        for (var node = _newestFirst.Last; node is not null && clock.GetElapsedTime(node.Value.LastUse) >= silence; node = node.Previous)
        {
            // An answer may still be streamed long after it was looked up.
            if (SilenceOf(node.Value) >= silence)
            {
                yield return node;
            }
        }
    }

    private TimeSpan SilenceOf(Entry entry) => clock.GetElapsedTime(Math.Max(entry.LastUse, entry.Session.LastSeen));

    private Entry? Use(ReadOnlySpan<char> key)
    {
        if (!_byKey.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var node))
        {
            return null;
        }

        node.Value.LastUse = clock.GetTimestamp();
        _newestFirst.Remove(node);
        _newestFirst.AddFirst(node);
        return node.Value;
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _newestFirst.Remove(node);
        _byKey.Remove(node.Value.Session.Key!);
        foreach (var key in node.Value.Keys)
        {
            _byKey.Remove(key);
        }
    }

    private sealed class Entry(RecordedSession session, long lastUse)
    {
        public RecordedSession Session { get; } = session;

        public Queue<string> Keys { get; } = new();

        public long LastUse { get; set; } = lastUse;
    }
}
