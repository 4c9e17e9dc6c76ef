namespace Shadowcat.Sessions;

/// <summary>What happens where a session has as many frames as it may keep.</summary>
public enum FrameOverflow
{
    /// <summary>The oldest frames make room.</summary>
    TrimOldest = 0,

    /// <summary>The append is refused with a <see cref="SessionLimitExceededException"/>, and everything kept stays.</summary>
    Refuse = 1,
}
