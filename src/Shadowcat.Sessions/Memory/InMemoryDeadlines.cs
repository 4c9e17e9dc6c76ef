namespace Shadowcat.Sessions;

/// <summary>Which sessions of an in-memory store end when, so that whoever writes can free what expired, a few at a time. Guarded by the store's lock.</summary>
/// <remarks>An entry may be older than its session: that is looked at when its time has come, and put off. It holds no session.</remarks>
internal sealed class InMemoryDeadlines
{
    /// <summary>More than a write can add, so that what expired grows less with each.</summary>
    private const int PerWrite = 4;

    /// <summary>So many entries without a session do not matter.</summary>
    private const int Spare = 1000;

    private PriorityQueue<(SessionId Id, Guid Generation), DateTimeOffset> _queue = new();

    /// <summary>Notes when a session ends.</summary>
    /// <param name="session">The session.</param>
    /// <param name="sessions">Those there are.</param>
    public void Note(Session session, Dictionary<SessionId, InMemorySession> sessions)
    {
        _queue.Enqueue((session.Id, session.Generation), session.ExpiresAt);
        if (_queue.Count > (2 * sessions.Count) + Spare)
        {
            // Most are of sessions that were deleted, or noted again and again.
            _queue = new(sessions.Values.Select(static stored => ((stored.Session.Id, stored.Session.Generation), stored.Session.ExpiresAt)));
        }
    }

    public int Count => _queue.Count;

    /// <summary>Whether there is anything to look at.</summary>
    public bool IsAnyDue(DateTimeOffset now) => _queue.TryPeek(out _, out var deadline) && deadline <= now;

    /// <summary>Takes sessions that have expired, a few at most.</summary>
    /// <param name="sessions">Those there are.</param>
    /// <param name="now">The time.</param>
    public IEnumerable<InMemorySession> TakeExpired(Dictionary<SessionId, InMemorySession> sessions, DateTimeOffset now)
    {
        for (var i = 0; i < PerWrite && _queue.TryPeek(out var entry, out var deadline) && deadline <= now; i++)
        {
            _queue.Dequeue();
            if (!sessions.TryGetValue(entry.Id, out var stored) || stored.Session.Generation != entry.Generation)
            {
                continue;
            }

            if (stored.IsLive(now))
            {
                Note(stored.Session, sessions);
            }
            else
            {
                yield return stored;
            }
        }
    }
}
