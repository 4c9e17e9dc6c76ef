namespace Shadowcat.Sessions;

/// <summary>A session was appended to or touched, or frames of it were deleted.</summary>
public readonly record struct SessionActivity
{
    /// <summary>Says what a session's activity is now.</summary>
    /// <param name="id">The session.</param>
    /// <param name="lastActivity">When, by the store's clock; null where that is not known.</param>
    /// <param name="frameCount">The <see cref="Session.FrameCount"/>; null where it did not change.</param>
    /// <param name="firstSequence">The <see cref="Session.FirstSequence"/>; null where it did not change.</param>
    /// <param name="expiresAt">The deadline; null where it did not move.</param>
    public SessionActivity(SessionId id, DateTimeOffset? lastActivity = null, long? frameCount = null, long? firstSequence = null, DateTimeOffset? expiresAt = null)
    {
        Id = id;
        LastActivity = lastActivity;
        FrameCount = frameCount;
        FirstSequence = firstSequence;
        ExpiresAt = expiresAt;
    }

    /// <summary>The session.</summary>
    public SessionId Id { get; }

    /// <summary>When, by the store's clock; null where that is not known.</summary>
    public DateTimeOffset? LastActivity { get; }

    /// <summary>The <see cref="Session.FrameCount"/>; null where it did not change.</summary>
    public long? FrameCount { get; }

    /// <summary>The <see cref="Session.FirstSequence"/>; null where it did not change.</summary>
    public long? FirstSequence { get; }

    /// <summary>The deadline; null where it did not move.</summary>
    public DateTimeOffset? ExpiresAt { get; }
}
