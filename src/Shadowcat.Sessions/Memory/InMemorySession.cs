namespace Shadowcat.Sessions;

/// <summary>A session with its frames, as the in-memory store holds it. Guarded by the store's lock.</summary>
internal sealed class InMemorySession(Session session, long firstSequence, DateTimeOffset born)
{
    private TaskCompletionSource? _change;

    /// <summary>The session as it would be returned, but for what <see cref="Frames"/> knows.</summary>
    public Session Session { get; set; } = session;

    public FrameWindow Frames { get; } = new(firstSequence);

    public Session Snapshot() => Session with { FrameCount = Frames.End, FirstSequence = Frames.First };

    /// <summary>Where frames stand that may have been appended before; null where they do not.</summary>
    /// <param name="operation">What the caller does.</param>
    /// <param name="frames">The frames, in their stored form.</param>
    /// <param name="since">From where on they may stand; below 0 where they were not given before.</param>
    public long? Find(string operation, byte[][] frames, long since) =>
        since < 0 ? null
        : Frames.Find(frames[0], since) is { } found ? found
        : since >= Frames.First ? null
        : throw new FramesTrimmedException(operation, Session.Id, since, Frames.First);

    /// <summary>Appends frames within the bounds of a session, and wakes who waits for them.</summary>
    /// <returns>The sequence of the first.</returns>
    public long Append(string operation, byte[][] frames, SessionStoreOptions options, DateTimeOffset now)
    {
        if (options.FrameOverflow == FrameOverflow.Refuse)
        {
            RequireRoom(operation, frames, options);
        }

        var first = Frames.End;
        Array.ForEach(frames, Frames.Add);
        Frames.Fit(options.MaxFramesPerSession, options.MaxFramesBytesPerSession);
        Touch(now);
        TellFollowers();
        return first;
    }

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

    private void RequireRoom(string operation, byte[][] added, SessionStoreOptions options)
    {
        if (Frames.Count + added.Length > options.MaxFramesPerSession)
        {
            throw FrameLimits.TooMany(operation, Session.Id, options);
        }

        if (Frames.Bytes + added.Sum(frame => (long)frame.Length) > options.MaxFramesBytesPerSession)
        {
            throw FrameLimits.TooLarge(operation, Session.Id, options);
        }
    }
}
