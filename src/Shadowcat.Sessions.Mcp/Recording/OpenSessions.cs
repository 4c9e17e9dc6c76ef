using System.Diagnostics.CodeAnalysis;

namespace Shadowcat.Sessions.Mcp;

/// <summary>The open sessions without a connection of their own, by their keys. Beyond the maximum, the session that was idle longest is evicted.</summary>
internal sealed class OpenSessions(int maxSessions, TimeProvider clock)
{
    private const int MaxKeysPerSession = 64;

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

    /// <summary>Finds the session of a key, or adds one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="make">Makes the session to add.</param>
    /// <param name="evicted">The session that was evicted for it; null for none.</param>
    public RecordedSession GetOrAdd(string key, Func<string, RecordedSession> make, out RecordedSession? evicted)
    {
        lock (_lock)
        {
            evicted = null;
            if (Use(key) is { } known)
            {
                return known.Session;
            }

            var session = make(key);
            _byKey[key] = _newestFirst.AddFirst(new Entry(session, clock.GetTimestamp()));
            if (_newestFirst.Count > maxSessions)
            {
                evicted = _newestFirst.Last!.Value.Session;
                Remove(_newestFirst.Last);
            }

            return session;
        }
    }

    /// <summary>Adds another key of a session; false where the key leads to a session already, or the session is not open.</summary>
    public bool Alias(string key, RecordedSession session)
    {
        lock (_lock)
        {
            if (session.Key is { } own && _byKey.TryGetValue(own, out var node) && node.Value.Session == session && !_byKey.ContainsKey(key))
            {
                _byKey[key] = node;
                node.Value.Keys.Enqueue(key);
                if (node.Value.Keys.Count > MaxKeysPerSession)
                {
                    _byKey.Remove(node.Value.Keys.Dequeue());
                }

                return true;
            }

            return false;
        }
    }

    /// <summary>Marks a session as used now.</summary>
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

    /// <summary>Removes a session.</summary>
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

    /// <summary>Removes the sessions that are idle, and returns them.</summary>
    /// <param name="idleTimeout">After how long without a message a session is idle.</param>
    /// <param name="openTimeout">After how long where a request or a stream is open: the client may have vanished.</param>
    public List<RecordedSession> TakeIdle(TimeSpan idleTimeout, TimeSpan openTimeout)
    {
        lock (_lock)
        {
            var idle = IdleFor(idleTimeout).Where(node => !node.Value.Session.IsOpen || IdleTimeOf(node.Value) >= openTimeout).ToList();
            idle.ForEach(Remove);
            return idle.ConvertAll(node => node.Value.Session);
        }
    }

    /// <summary>The sessions in which a request or a stream is open, and that had no message for some time.</summary>
    public List<RecordedSession> FindOpen(TimeSpan idleTime)
    {
        lock (_lock)
        {
            return [.. IdleFor(idleTime).Select(node => node.Value.Session).Where(session => session.IsOpen)];
        }
    }

    /// <summary>Removes all sessions, and returns them.</summary>
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

    private IEnumerable<LinkedListNode<Entry>> IdleFor(TimeSpan idleTime)
    {
        for (var node = _newestFirst.Last; node is not null && clock.GetElapsedTime(node.Value.LastUse) >= idleTime; node = node.Previous)
        {
            // An answer may still be streamed long after it was looked up.
            if (IdleTimeOf(node.Value) >= idleTime)
            {
                yield return node;
            }
        }
    }

    private TimeSpan IdleTimeOf(Entry entry) => clock.GetElapsedTime(Math.Max(entry.LastUse, entry.Session.LastReceived));

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
