namespace Shadowcat.Sessions;

/// <summary>A call to the store that is under way and whose answer may be cached, with the changes of the session that were received since it began. Guarded by the lock of its stripe.</summary>
/// <param name="id">The session.</param>
/// <param name="begun">The timestamp at which the call began.</param>
internal sealed class PendingCall(SessionId id, long begun)
{
    private bool _outdated;
    private Guid? _generation;
    private long _version;
    private DateTimeOffset _lastActivity;
    private long _frameCount;

    public SessionId Id { get; } = id;

    public long Begun { get; } = begun;

    /// <summary>The answer, for those who wait for it together; null where this is no such call.</summary>
    public TaskCompletionSource<Session?>? Answer { get; init; }

    /// <summary>Whether a caller that comes now may wait for this answer: not where a change was received since the call began.</summary>
    public bool IsCurrent { get; private set; } = true;

    public void Note(in SessionChange change)
    {
        IsCurrent = false;
        if (change.Version == 0 || (_generation is { } generation && generation != change.Generation))
        {
            _outdated = true;
        }

        _generation = change.Generation;
        _version = Math.Max(_version, change.Version);
    }

    public void Note(in SessionActivity activity)
    {
        IsCurrent = false;
        _lastActivity = activity.LastActivity is { } at && at > _lastActivity ? at : _lastActivity;
        _frameCount = Math.Max(_frameCount, activity.FrameCount.GetValueOrDefault());
    }

    /// <summary>Whether an answer contains every change that was received since the call began.</summary>
    public bool Covers(Session session) =>
        !_outdated
        && (_generation is null || (_generation == session.Generation && _version <= session.Version))
        && _lastActivity <= session.LastActivity
        && _frameCount <= session.FrameCount;
}
