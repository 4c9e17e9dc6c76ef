namespace Shadowcat.Sessions;

/// <summary>The sessions of an in-memory store: by id, in the order of ids, and which generations ended of late. Guarded by the store's lock.</summary>
internal sealed class InMemorySessions
{
    private readonly Dictionary<SessionId, InMemorySession> _sessions = [];
    private readonly SortedSet<SessionId> _order = [];
    private readonly InMemoryTombstones _tombstones = new();

    public InMemorySession? Find(SessionId id, DateTimeOffset now) =>
        _sessions.TryGetValue(id, out var stored) && stored.IsLive(now) ? stored : null;

    /// <summary>The ids behind one, in order; expired ones too.</summary>
    public IEnumerable<SessionId> IdsAfter(SessionId after) =>
        _order.Count == 0 || after >= _order.Max ? [] : _order.GetViewBetween(after, _order.Max).Where(id => id != after);

    public long CountLive(DateTimeOffset now) => _sessions.Values.LongCount(stored => stored.IsLive(now));

    /// <summary>Adds a session, unless its generation ended of late.</summary>
    /// <returns>False where it did.</returns>
    public bool TryAdd(InMemorySession session, DateTimeOffset now)
    {
        if (_sessions.TryGetValue(session.Session.Id, out var expired))
        {
            _tombstones.Expired(expired.Session, expired.Born, now);
        }

        if (_tombstones.Contains(session.Session))
        {
            return false;
        }

        _sessions[session.Session.Id] = session;
        _order.Add(session.Session.Id);
        return true;
    }

    public void Delete(InMemorySession session, DateTimeOffset now)
    {
        _tombstones.Deleted(session.Session, now);
        Remove(session);
    }

    /// <summary>Forgets what expired, and says which sessions did.</summary>
    public IReadOnlyList<SessionId> Reap(DateTimeOffset now)
    {
        var expired = _sessions.Values.Where(stored => !stored.IsLive(now)).ToList();
        foreach (var session in expired)
        {
            _tombstones.Expired(session.Session, session.Born, now);
            Remove(session);
        }

        return [.. expired.Select(session => session.Session.Id)];
    }

    private void Remove(InMemorySession session)
    {
        _sessions.Remove(session.Session.Id);
        _order.Remove(session.Session.Id);
        session.TellFollowers();
    }
}
