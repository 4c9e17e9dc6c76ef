namespace Shadowcat.Sessions.Chaos.Schedules.Judging;

/// <summary>How a promise is broken, by what would have to be allowed for the history to be right.</summary>
internal enum BrokenPromise
{
    /// <summary>A call took effect in a generation that began after its caller had got the outcome.</summary>
    InAnotherLife,

    /// <summary>A call took effect that had been refused: its caller got that answer, and then another command of it arrived.</summary>
    AfterRefusal,

    /// <summary>A caller got an answer that is not what happened, although what happened to the session is right.</summary>
    WrongResult,

    /// <summary>A call took effect twice.</summary>
    Twice,

    /// <summary>A call that was acknowledged had no effect.</summary>
    Lost,

    /// <summary>No order of the calls explains what was seen, even if some happened twice or not at all.</summary>
    Unexplained,

    /// <summary>A key of the session has no time to live.</summary>
    KeyWithoutEnd,

    /// <summary>A key is left of a session that is not there.</summary>
    KeyLeftOver,

    /// <summary>The frames of a session end before it does.</summary>
    FramesEndEarly,

    /// <summary>An index names a session that is not there, or does not name one that is.</summary>
    IndexDisagrees,

    /// <summary>A call did not end.</summary>
    Stuck,
}
