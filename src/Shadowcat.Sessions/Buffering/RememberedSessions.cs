namespace Shadowcat.Sessions;

/// <summary>The sessions that were read or written last, each with when that was: at most so many.</summary>
/// <remarks>Two generations: where the younger is half of the bound, it becomes the older, and the older one is dropped. What is used moves to the younger.</remarks>
internal sealed class RememberedSessions(int capacity, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly int _half = (capacity + 1) / 2;
    private Dictionary<SessionId, KnownSession> _younger = [];
    private Dictionary<SessionId, KnownSession> _older = [];

    public KnownSession? Find(SessionId id)
    {
        lock (_lock)
        {
            return _younger.GetValueOrDefault(id) ?? _older.GetValueOrDefault(id);
        }
    }

    /// <summary>Notes a session as it is now.</summary>
    public Session Note(Session session)
    {
        if (capacity > 0)
        {
            var known = new KnownSession(session, isCurrent: false, time.GetUtcNow());
            lock (_lock)
            {
                if (_younger.Count >= _half && !_younger.ContainsKey(session.Id))
                {
                    (_older, _younger) = (capacity > 1 ? _younger : [], []);
                }

                var before = _younger.GetValueOrDefault(session.Id) ?? _older.GetValueOrDefault(session.Id);
                _older.Remove(session.Id);

                // Of two answers that came back at the same time, the older one must not stay.
                _younger[session.Id] = before is not null && before.Session.Generation == session.Generation && before.Session.Version > session.Version ? before : known;
            }
        }

        return session;
    }

    /// <summary>Notes that there is no such session.</summary>
    public void Remove(SessionId id)
    {
        lock (_lock)
        {
            _younger.Remove(id);
            _older.Remove(id);
        }
    }
}
