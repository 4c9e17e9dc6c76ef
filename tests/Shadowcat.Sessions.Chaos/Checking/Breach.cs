namespace Shadowcat.Sessions.Chaos.Checking;

/// <summary>The ways to break a promise.</summary>
public enum Breach
{
    /// <summary>What was acknowledged is not there.</summary>
    Lost,

    /// <summary>One append is there twice.</summary>
    Doubled,

    /// <summary>Frames are not where they were said to be, not in their caller's order, torn from their batch, or not dense.</summary>
    Misplaced,

    /// <summary>The caller got the answer that nothing was done, and it was.</summary>
    DoneAllTheSame,

    /// <summary>What was read is not what was written.</summary>
    Changed,

    /// <summary>A session came back, went away, or was updated other than it was acknowledged.</summary>
    Session,

    /// <summary>A key or an index entry belongs to no session, or a session is in no index.</summary>
    Orphan,

    /// <summary>A caller got an error that no disturbance explains.</summary>
    Error,

    /// <summary>A caller waited longer than its timeout allows.</summary>
    Late,

    /// <summary>A caller never got an answer.</summary>
    Hung,

    /// <summary>Not everything worked again in time.</summary>
    SlowRecovery,

    /// <summary>A call failed that the disturbance should not have touched.</summary>
    Collateral,

    /// <summary>The servers lost more than the newest of what they acknowledged.</summary>
    OldLoss,

    /// <summary>No order of the operations on a session explains what its callers were answered.</summary>
    History,

    /// <summary>The memory of the process did not stay what it was.</summary>
    Growth,
}
