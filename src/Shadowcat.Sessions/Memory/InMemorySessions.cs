namespace Shadowcat.Sessions;

/// <summary>The sessions of an in-memory store: by id, in the order of ids, and which generations were deleted of late. Guarded by the store's lock.</summary>
internal sealed class InMemorySessions
{
    private static readonly TimeSpan TombstoneLifetime = TimeSpan.FromMinutes(5);

    private readonly Dictionary<SessionId, InMemorySession> _sessions = [];
    private readonly SortedSet<SessionId> _order = [];
    private readonly Dictionary<(SessionId Id, Guid Generation), DateTimeOffset> _tombstones = [];

    public InMemorySession? Find(SessionId id, DateTimeOffset now) =>
        _sessions.TryGetValue(id, out var stored) && stored.Session.ExpiresAt > now ? stored : null;

    /// <summary>The ids behind one, in order; expired ones too.</summary>
    public IEnumerable<SessionId> IdsAfter(SessionId after) =>
        _order.Count == 0 || after >= _order.Max ? [] : _order.GetViewBetween(after, _order.Max).Where(id => id != after);

    public long CountLive(DateTimeOffset now) => _sessions.Values.LongCount(stored => stored.Session.ExpiresAt > now);

    public bool WasDeleted(Session session, DateTimeOffset now) =>
        _tombstones.TryGetValue((session.Id, session.Generation), out var until) && until > now;

    /// <summary>Adds a session, in the place of an expired one of its id.</summary>
    public void Add(InMemorySession session)
    {
        _sessions[session.Session.Id] = session;
        _order.Add(session.Session.Id);
    }

    public void Delete(InMemorySession session, DateTimeOffset now)
    {
        _tombstones[(session.Session.Id, session.Session.Generation)] = now + TombstoneLifetime;
        Remove(session.Session.Id);
    }

    /// <summary>Forgets what expired, and says which sessions did.</summary>
    public IReadOnlyList<SessionId> Reap(DateTimeOffset now)
    {
        var expired = _sessions.Where(entry => entry.Value.Session.ExpiresAt <= now).Select(entry => entry.Key).ToList();
        expired.ForEach(Remove);
        foreach (var (deleted, until) in _tombstones)
        {
            if (until <= now)
            {
                _tombstones.Remove(deleted);
            }
        }

        return expired;
    }

    private void Remove(SessionId id)
    {
        if (_sessions.Remove(id, out var stored))
        {
            stored.TellFollowers();
        }

        _order.Remove(id);
    }
}
