namespace Shadowcat.Sessions.Chaos.Schedules.Judging;

/// <summary>What happened.</summary>
internal enum HistoryKind
{
    /// <summary>A caller made a call.</summary>
    Began,

    /// <summary>The caller got the outcome.</summary>
    Ended,

    /// <summary>The session expired, if there was one.</summary>
    Expired,

    /// <summary>A reader looked at the session and its frames.</summary>
    Seen,
}
