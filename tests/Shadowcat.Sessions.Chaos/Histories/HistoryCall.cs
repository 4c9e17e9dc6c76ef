namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>What was done to a session.</summary>
internal enum HistoryCall : byte
{
    Create,
    Get,
    Update,
    Delete,
    Touch,

    /// <summary>One frame or several, side by side.</summary>
    Append,

    /// <summary>All frames from a sequence on, or the last ones.</summary>
    Read,

    /// <summary>The first frame that a reading got; the checker's own, for a reading takes its time.</summary>
    ReadFirst,

    /// <summary>What a follower received, all of it together.</summary>
    Follow,
    Count,
    DeleteFrames,

    /// <summary>The server wrote a snapshot of everything.</summary>
    Save,

    /// <summary>The server was killed, and came back with its newest snapshot.</summary>
    Restore,
}
