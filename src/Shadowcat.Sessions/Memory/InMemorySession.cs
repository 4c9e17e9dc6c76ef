namespace Shadowcat.Sessions;

/// <summary>A session with its frames, as the in-memory store holds it. Guarded by the store's lock.</summary>
internal sealed class InMemorySession(Session session, long firstSequence, DateTimeOffset born)
{
    private TaskCompletionSource? _change;

    /// <summary>The session as it would be returned, but for what <see cref="Frames"/> knows.</summary>
    public Session Session { get; set; } = session;

    public FrameWindow Frames { get; } = new(firstSequence);

    public Session Snapshot() => Session with { FrameCount = Frames.End, FirstSequence = Frames.First };

    /// <summary>Notes activity, which moves the deadline.</summary>
    public void Touch(DateTimeOffset now) => Session = Session with
    {
        LastActivity = now,
        ExpiresAt = Lifetime.Deadline(Session.ExpiresAt, now, born, Session.TimeToLive.GetValueOrDefault(), Session.MaxLifetime),
    };

    /// <summary>Replaces what the application owns.</summary>
    public void Update(Session session, TimeSpan timeToLive, TimeSpan? maxLifetime)
    {
        var lifetimesStay = timeToLive == Session.TimeToLive && maxLifetime == Session.MaxLifetime;
        Session = session with
        {
            CreatedAt = Session.CreatedAt,
            TimeToLive = timeToLive,
            MaxLifetime = maxLifetime,
            LastActivity = Session.LastActivity,
            ExpiresAt = lifetimesStay
                ? Session.ExpiresAt
                : Lifetime.Deadline(current: default, Session.LastActivity, born, timeToLive, maxLifetime),
            Version = Session.Version + 1,
        };
        TellFollowers();
    }

    /// <summary>Completes when a frame is appended, or the session updated or removed, next time.</summary>
    public Task NextChange() => (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Wakes who waits for a change.</summary>
    public void TellFollowers()
    {
        _change?.SetResult();
        _change = null;
    }
}
