namespace Shadowcat.Sessions;

/// <summary>How a session stands, or ended. The numbers are stored and never change their meaning.</summary>
public enum SessionStatus
{
    /// <summary>The conversation goes on.</summary>
    Active = 0,

    /// <summary>The conversation ended as its peers meant it to.</summary>
    Completed = 1,

    /// <summary>The conversation ended by an error.</summary>
    Failed = 2,

    /// <summary>The conversation ended because a peer fell silent.</summary>
    TimedOut = 3,
}
