namespace Shadowcat.Sessions.Mcp;

/// <summary>Whether a recorded session is in the store.</summary>
internal enum RecordedSessionPhase
{
    /// <summary>Not yet, or no longer because it expired.</summary>
    Absent,

    /// <summary>It was created, or found.</summary>
    Open,

    /// <summary>A limit kept it from beginning. The next message tries again.</summary>
    Refused,

    /// <summary>Somebody deleted it, or has its id: it is not recorded.</summary>
    Gone,
}
