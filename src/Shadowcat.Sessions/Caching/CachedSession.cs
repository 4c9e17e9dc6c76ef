namespace Shadowcat.Sessions;

/// <summary>A session as the cache holds it. Activity only replaces numbers; a reader makes a session of them, once.</summary>
internal sealed class CachedSession
{
    private readonly Lock _lock = new();
    private readonly ISessionChanges _changes;
    private readonly long _staleAt;
    private Session _latest;
    private SessionActivity _activity;
    private Session? _session;
    private long _until;

    /// <param name="session">What the store answered.</param>
    /// <param name="staleAt">The timestamp at which it is too old to be served.</param>
    /// <param name="changes">Knows when the session may expire.</param>
    public CachedSession(Session session, long staleAt, ISessionChanges changes)
    {
        _changes = changes;
        _staleAt = staleAt;
        _latest = session;
        _session = session;
        _activity = new SessionActivity(session.Id, session.LastActivity, session.FrameCount, session.FirstSequence, session.ExpiresAt);
        _until = Math.Min(staleAt, changes.EarliestTimestampOf(session.ExpiresAt));
    }

    /// <summary>Whether it may be served: neither too old nor past its deadline.</summary>
    public bool IsServedAt(long now) => now < Volatile.Read(ref _until);

    /// <summary>The session, with all the activity that was received.</summary>
    public Session Session => Volatile.Read(ref _session) ?? Renew();

    /// <summary>Whether what the store answered is older than this; what belongs to another generation of the id is not.</summary>
    public bool IsNewerThan(Session session)
    {
        var current = Session;
        return current.Generation == session.Generation
            && (current.Version > session.Version
                || (current.Version == session.Version && (current.LastActivity > session.LastActivity || current.FrameCount > session.FrameCount)));
    }

    /// <summary>Whether a change is what this already holds.</summary>
    public bool Holds(in SessionChange change) => _latest.Generation == change.Generation && _latest.Version >= change.Version && change.Version > 0;

    /// <summary>Takes activity in.</summary>
    /// <returns>False where it shows that this is no copy of what is stored.</returns>
    public bool TryApply(in SessionActivity activity)
    {
        lock (_lock)
        {
            if (activity.ExpiresAt is null && activity.LastActivity + _latest.TimeToLive > _activity.ExpiresAt)
            {
                // The deadline is further than it would be by this copy: somebody else moved it.
                return false;
            }

            if (activity.FrameCount < _activity.FrameCount && activity.LastActivity > _activity.LastActivity)
            {
                // Fewer frames later: another session has the id.
                return false;
            }

            _activity = new SessionActivity(
                _activity.Id,
                Later(_activity.LastActivity, activity.LastActivity),
                Later(_activity.FrameCount, activity.FrameCount),
                Later(_activity.FirstSequence, activity.FirstSequence),
                Later(_activity.ExpiresAt, activity.ExpiresAt));

            // In this order: a reader who finds the later deadline must not find the session of before.
            Volatile.Write(ref _session, null);
            Volatile.Write(ref _until, Math.Min(_staleAt, _changes.EarliestTimestampOf(_activity.ExpiresAt.GetValueOrDefault())));
            return true;
        }
    }

    private static long? Later(long? one, long? other) => other > one ? other : one;

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => other > one ? other : one;

    private Session Renew()
    {
        lock (_lock)
        {
            if (_session is { } renewed)
            {
                return renewed;
            }

            _latest = _latest with
            {
                LastActivity = _activity.LastActivity.GetValueOrDefault(),
                FrameCount = _activity.FrameCount.GetValueOrDefault(),
                FirstSequence = _activity.FirstSequence.GetValueOrDefault(),
                ExpiresAt = _activity.ExpiresAt.GetValueOrDefault(),
            };
            Volatile.Write(ref _session, _latest);
            return _latest;
        }
    }
}
