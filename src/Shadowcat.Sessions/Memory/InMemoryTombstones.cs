namespace Shadowcat.Sessions;

/// <summary>Which generations ended of late, so that a late repetition of a create does not bring one back. Guarded by the store's lock.</summary>
/// <remarks>They are kept for some minutes by the clock, and the newest whatever the clock says: it may be set forth between a create and its repetition.</remarks>
internal sealed class InMemoryTombstones
{
    private const int Newest = 1000;

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly HashSet<(SessionId Id, Guid Generation)> _ended = [];
    private readonly Queue<(SessionId Id, Guid Generation, DateTimeOffset Until)> _order = new();

    public bool Contains(Session session) => _ended.Contains((session.Id, session.Generation));

    /// <summary>Notes a session that is deleted. It may be a while ago that it was created, but its create may be under way again since.</summary>
    public void Deleted(Session session, DateTimeOffset now) => Add(session, now + Kept, now);

    /// <summary>Notes a session that expired. One that has lived for longer than a repetition takes needs no note.</summary>
    /// <param name="session">The session.</param>
    /// <param name="born">When it was created.</param>
    /// <param name="now">The time.</param>
    public void Expired(Session session, DateTimeOffset born, DateTimeOffset now)
    {
        if (session.ExpiresAt < born + Kept)
        {
            Add(session, born + Kept, now);
        }
    }

    private void Add(Session session, DateTimeOffset until, DateTimeOffset now)
    {
        if (_ended.Add((session.Id, session.Generation)))
        {
            _order.Enqueue((session.Id, session.Generation, until));
        }

        while (_order.Count > Newest && _order.Peek().Until <= now)
        {
            var (id, generation, _) = _order.Dequeue();
            _ended.Remove((id, generation));
        }
    }
}
