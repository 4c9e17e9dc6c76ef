namespace Shadowcat.Sessions;

/// <summary>A session was appended to or touched.</summary>
/// <param name="Id">Which.</param>
/// <param name="LastActivity">When, by the store's clock; null where that is not noted.</param>
/// <param name="FrameCount">The count of its frames; null where it did not change.</param>
/// <param name="FirstSequence">The sequence of its oldest frame; null where it did not change.</param>
/// <param name="ExpiresAt">Its deadline; null where it did not move.</param>
internal readonly record struct SessionActivity(
    SessionId Id, DateTimeOffset? LastActivity, long? FrameCount, long? FirstSequence, DateTimeOffset? ExpiresAt)
{
    /// <summary>Frames came and nothing else changed: not every append is noted as activity.</summary>
    public static SessionActivity Pushed(SessionId id, long frameCount) => new(id, null, frameCount, null, null);
}
