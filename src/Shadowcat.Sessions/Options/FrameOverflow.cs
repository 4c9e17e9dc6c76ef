namespace Shadowcat.Sessions;

/// <summary>What happens to an append where the session has as many frames, or bytes of frames, as it may keep.</summary>
public enum FrameOverflow
{
    /// <summary>The oldest frames are trimmed, in the same step as the append.</summary>
    TrimOldest = 0,

    /// <summary>The append is refused with a <see cref="SessionLimitExceededException"/>, and nothing that is kept is trimmed.</summary>
    Refuse = 1,
}
