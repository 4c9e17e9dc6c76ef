namespace Shadowcat.Sessions;

/// <summary>How a session begins and how long it lives: what every store reckons alike. For whoever writes a store.</summary>
public static class SessionLifetime
{
    /// <summary>A session as it is stored first: the application's part as given, the store's part at its beginning, with version 1 and a deadline.</summary>
    /// <param name="session">The session as the application gave it.</param>
    /// <param name="firstSequence">The sequence its frames begin at.</param>
    /// <param name="now">What the store's clock says, in whole milliseconds.</param>
    /// <param name="options">Where lifetimes come from that the session does not have.</param>
    public static Session Begin(Session session, long firstSequence, DateTimeOffset now, SessionStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(options);
        var timeToLive = session.TimeToLive ?? options.TimeToLive;
        var maxLifetime = session.MaxLifetime ?? options.MaxLifetime;
        return session with
        {
            CreatedAt = session.CreatedAt == default ? now : session.CreatedAt,
            TimeToLive = timeToLive,
            MaxLifetime = maxLifetime,
            FrameCount = firstSequence,
            FirstSequence = firstSequence,
            LastActivity = now,
            ExpiresAt = Deadline(current: default, now, now, timeToLive, maxLifetime),
            Version = 1,
        };
    }

    /// <summary>A session as it is stored by an update: the application's part as given, the store's part as it is, with the next version. A deadline moves only where a lifetime has changed.</summary>
    /// <param name="session">The session as the application gave it.</param>
    /// <param name="stored">What the store owns of the session now.</param>
    /// <param name="createdAt">When the store created the session, by its clock. <see cref="Session.CreatedAt"/> of an imported session may be earlier.</param>
    /// <param name="options">Where lifetimes come from that the session does not have.</param>
    public static Session Update(Session session, in StoredSessionPart stored, DateTimeOffset createdAt, SessionStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(options);
        var timeToLive = session.TimeToLive ?? options.TimeToLive;
        var maxLifetime = session.MaxLifetime ?? options.MaxLifetime;
        return session with
        {
            CreatedAt = stored.CreatedAt,
            TimeToLive = timeToLive,
            MaxLifetime = maxLifetime,
            FrameCount = stored.FrameCount,
            FirstSequence = stored.FirstSequence,
            LastActivity = stored.LastActivity,
            ExpiresAt = (timeToLive, maxLifetime) == (stored.TimeToLive, stored.MaxLifetime)
                ? stored.ExpiresAt
                : Deadline(current: default, stored.LastActivity, createdAt, timeToLive, maxLifetime),
            Version = stored.Version + 1,
        };
    }

    /// <summary>In which steps a deadline moves: no more often than this, an append has to move it.</summary>
    /// <param name="timeToLive">How long the session lives without activity.</param>
    /// <returns>A 64th of the time to live in whole milliseconds, 1 ms to 1 s.</returns>
    public static TimeSpan Step(TimeSpan timeToLive) => TimeSpan.FromMilliseconds(Math.Clamp(Math.Floor(timeToLive.TotalMilliseconds / 64), 1, 1000));

    /// <summary>When a session ends that is active now. The deadline moves in steps, so that not every append has to move it: where the one it has is late enough, it stays.</summary>
    /// <param name="current">The deadline it has; <c>default</c> for none.</param>
    /// <param name="now">The time of the activity, by the store's clock.</param>
    /// <param name="createdAt">When the store created the session, by its clock. <see cref="Session.CreatedAt"/> of an imported session may be earlier.</param>
    /// <param name="timeToLive">How long it lives without activity.</param>
    /// <param name="maxLifetime">How long it lives at most; null for no bound.</param>
    /// <returns>The deadline: a <see cref="Step"/> later than needed, but for the bound.</returns>
    public static DateTimeOffset Deadline(DateTimeOffset current, DateTimeOffset now, DateTimeOffset createdAt, TimeSpan timeToLive, TimeSpan? maxLifetime)
    {
        if (now + timeToLive <= current)
        {
            return current;
        }

        var sliding = now + timeToLive + Step(timeToLive);
        return maxLifetime is { } bound && createdAt + bound < sliding ? createdAt + bound : sliding;
    }
}
