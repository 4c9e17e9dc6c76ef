namespace Shadowcat.Sessions;

/// <summary>What a store owns of a session, and keeps beside its <see cref="SessionDescription"/>.</summary>
public readonly record struct StoredSessionPart
{
    /// <inheritdoc cref="Session.CreatedAt"/>
    public DateTimeOffset CreatedAt { get; init; }

    /// <inheritdoc cref="Session.TimeToLive"/>
    public TimeSpan TimeToLive { get; init; }

    /// <inheritdoc cref="Session.MaxLifetime"/>
    public TimeSpan? MaxLifetime { get; init; }

    /// <inheritdoc cref="Session.LastActivity"/>
    public DateTimeOffset LastActivity { get; init; }

    /// <inheritdoc cref="Session.ExpiresAt"/>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <inheritdoc cref="Session.FrameCount"/>
    public long FrameCount { get; init; }

    /// <inheritdoc cref="Session.FirstSequence"/>
    public long FirstSequence { get; init; }

    /// <inheritdoc cref="Session.Version"/>
    public long Version { get; init; }

    /// <summary>What a store owns of a session that it has kept whole.</summary>
    /// <param name="session">The session, as it is stored.</param>
    public static StoredSessionPart Of(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new StoredSessionPart
        {
            CreatedAt = session.CreatedAt,
            TimeToLive = session.TimeToLive.GetValueOrDefault(),
            MaxLifetime = session.MaxLifetime,
            LastActivity = session.LastActivity,
            ExpiresAt = session.ExpiresAt,
            FrameCount = session.FrameCount,
            FirstSequence = session.FirstSequence,
            Version = session.Version,
        };
    }
}
