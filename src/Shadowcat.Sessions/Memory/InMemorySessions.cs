namespace Shadowcat.Sessions;

/// <summary>The sessions of an in-memory store: by id, in the order of creation, and which generations ended of late. Guarded by the store's lock.</summary>
/// <param name="keepsIds">Whether the ids of expired sessions are needed, because there are listeners.</param>
internal sealed class InMemorySessions(bool keepsIds)
{
    private readonly Dictionary<SessionId, InMemorySession> _sessions = [];
    private readonly SortedSet<SessionPlace> _order = [];
    private readonly InMemoryTombstones _tombstones = new();
    private readonly InMemoryDeadlines _deadlines = new();
    private readonly List<SessionId> _freed = [];
    private long _freedCount;

    /// <summary>How many there are, those among them that expired and were not freed yet.</summary>
    public int Count => _sessions.Count;

    /// <summary>How many deadlines are noted.</summary>
    public int Deadlines => _deadlines.Count;

    public InMemorySession? Find(SessionId id, DateTimeOffset now) =>
        _sessions.TryGetValue(id, out var stored) && stored.IsLive(now) ? stored : null;

    /// <summary>The places of sessions in a range, in its order, behind one of them or from the beginning; those of expired sessions too.</summary>
    public IEnumerable<SessionPlace> PlacesIn(CreationRange range, SessionPlace? after)
    {
        if (_order.Count == 0)
        {
            return [];
        }

        var newestFirst = range.Order == SessionOrder.NewestFirst;
        var (lower, upper) = (_order.Min, _order.Max);
        if (range.Since is { } since)
        {
            lower = Later(lower, new SessionPlace(since, default));
        }

        if (range.Before is { } before)
        {
            upper = Earlier(upper, new SessionPlace(before, default));
        }

        if (after is { } place)
        {
            (lower, upper) = newestFirst ? (lower, Earlier(upper, place)) : (Later(lower, place), upper);
        }

        if (lower > upper)
        {
            return [];
        }

        var view = _order.GetViewBetween(lower, upper);
        return (newestFirst ? view.Reverse() : view).Where(found => found != after);
    }

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

        if (expired is not null)
        {
            _order.Remove(SessionPlace.Of(expired.Session));
        }

        _sessions[session.Session.Id] = session;
        _order.Add(SessionPlace.Of(session.Session));
        _deadlines.Note(session.Session, _sessions);
        return true;
    }

    public void Delete(InMemorySession session, DateTimeOffset now)
    {
        _tombstones.Deleted(session.Session, now);
        Remove(session);
    }

    /// <summary>Notes that a session may end earlier than it did.</summary>
    public void Shortened(InMemorySession session) => _deadlines.Note(session.Session, _sessions);

    /// <summary>Frees some of what expired: each write frees memory, so that it does not grow where nothing reaps.</summary>
    public void FreeSome(DateTimeOffset now)
    {
        if (!_deadlines.IsAnyDue(now))
        {
            return;
        }

        foreach (var session in _deadlines.TakeExpired(_sessions, now))
        {
            Free(session, now);
        }
    }

    /// <summary>Removes what expired, and returns how many sessions did since the last call, and which ones where there are listeners.</summary>
    public (long Count, IReadOnlyList<SessionId> Ids) Reap(DateTimeOffset now)
    {
        foreach (var session in _sessions.Values.Where(stored => !stored.IsLive(now)).ToList())
        {
            Free(session, now);
        }

        var reaped = (_freedCount, (IReadOnlyList<SessionId>)[.. _freed]);
        _freedCount = 0;
        _freed.Clear();
        return reaped;
    }

    private void Free(InMemorySession session, DateTimeOffset now)
    {
        _tombstones.Expired(session.Session, session.Born, now);
        Remove(session);
        _freedCount++;
        if (keepsIds)
        {
            _freed.Add(session.Session.Id);
        }
    }

    private void Remove(InMemorySession session)
    {
        _sessions.Remove(session.Session.Id);
        _order.Remove(SessionPlace.Of(session.Session));
        session.WakeFollowers();
    }

    private static SessionPlace Earlier(SessionPlace one, SessionPlace other) => one <= other ? one : other;

    private static SessionPlace Later(SessionPlace one, SessionPlace other) => one >= other ? one : other;
}
