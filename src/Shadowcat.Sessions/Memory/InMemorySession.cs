namespace Shadowcat.Sessions;

/// <summary>A session with its frames, as the in-memory store holds it. Guarded by the store's lock.</summary>
internal sealed class InMemorySession(Session session, long firstSequence, DateTimeOffset born)
{
    private TaskCompletionSource? _change;

    /// <summary>What the clock said at the last activity.</summary>
    private DateTimeOffset _clock = born;

    private bool _hasEnded;

    /// <summary>When it was created, by the store's clock.</summary>
    public DateTimeOffset Born { get; } = born;

    /// <summary>The session as it would be returned, but for what <see cref="Frames"/> knows.</summary>
    public Session Session { get; set; } = session;

    public FrameWindow Frames { get; } = new(firstSequence);

    public Session Snapshot() => Session with { FrameCount = Frames.End, FirstSequence = Frames.First };

    /// <summary>Where frames stand that may have been appended before; null where they do not.</summary>
    /// <param name="operation">What the caller does.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="since">From where on they may stand; below 0 where they were not given before.</param>
    public long? Find(string operation, IReadOnlyList<IdempotentFrame> frames, long since) =>
        since < 0 ? null
        : Frames.Find(frames[0].Key, since) is { } found ? found
        : since >= Frames.First ? null
        : throw new FramesTrimmedException(operation, Session.Id, since, Frames.First);

    /// <summary>Appends frames within the bounds of a session, and wakes who waits for them.</summary>
    /// <returns>The sequence of the first.</returns>
    public long Append(string operation, IReadOnlyList<IdempotentFrame> frames, SessionStoreOptions options, DateTimeOffset now)
    {
        if (options.FrameOverflow == FrameOverflow.Refuse)
        {
            RequireCapacity(operation, frames, options);
        }

        var first = Frames.End;
        foreach (var frame in frames)
        {
            Frames.Add(frame);
        }

        Frames.Fit(options.MaxFramesPerSession, options.MaxFramesBytesPerSession);
        Touch(now);
        WakeFollowers();
        return first;
    }

    /// <summary>Whether it lives. Once it was seen to have expired it has ended for good, even where the clock goes back.</summary>
    public bool IsLive(DateTimeOffset now) => !(_hasEnded |= Session.ExpiresAt <= now);

    /// <summary>Notes activity, which moves the deadline.</summary>
    /// <remarks>
    /// Where the clock went back, the session's own time goes on from its last activity by what the clock has advanced since. So a session in use has a deadline
    /// that is late enough when the clock is set right again.
    /// </remarks>
    public void Touch(DateTimeOffset now)
    {
        var activity = now > _clock ? Session.LastActivity + (now - _clock) : Session.LastActivity;
        _clock = now;
        Session = Session with
        {
            LastActivity = activity,
            ExpiresAt = SessionLifetime.Deadline(Session.ExpiresAt, activity, Born, Session.TimeToLive.GetValueOrDefault(), Session.MaxLifetime),
        };
    }

    /// <summary>Replaces what the application owns.</summary>
    public void Update(Session session, SessionStoreOptions options)
    {
        Session = SessionLifetime.Update(session, StoredSessionPart.Of(Session), Born, options);
        WakeFollowers();
    }

    /// <summary>Completes when a frame is appended, or the session updated or removed, next time.</summary>
    public Task NextChange() => (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Wakes who waits for a change.</summary>
    public void WakeFollowers()
    {
        _change?.SetResult();
        _change = null;
    }

    private void RequireCapacity(string operation, IReadOnlyList<IdempotentFrame> added, SessionStoreOptions options)
    {
        if (Frames.Count + added.Count > options.MaxFramesPerSession)
        {
            throw SessionLimitExceededException.TooManyFrames(operation, Session.Id, options);
        }

        if (Frames.Bytes + added.Sum(static frame => FrameSize.Of(frame.Envelope)) > options.MaxFramesBytesPerSession)
        {
            throw SessionLimitExceededException.TooManyFramesBytes(operation, Session.Id, options);
        }
    }
}
