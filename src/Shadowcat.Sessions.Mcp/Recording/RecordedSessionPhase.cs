namespace Shadowcat.Sessions.Mcp;

/// <summary>Whether a recorded session is in the store.</summary>
internal enum RecordedSessionPhase
{
    /// <summary>It is not there yet, or has expired.</summary>
    Absent,

    /// <summary>It was created, or found.</summary>
    Open,

    /// <summary>A limit refused it. The next message tries again.</summary>
    Refused,

    /// <summary>It was deleted, or another session has its id: it is not recorded.</summary>
    Gone,
}
