namespace Shadowcat.Sessions.Chaos.Schedules.Judging;

/// <summary>What is let pass where a history that is not right is looked at for how it is wrong.</summary>
[Flags]
internal enum Allowances
{
    None = 0,

    /// <summary>Effects in a generation that began after the caller got the outcome.</summary>
    OtherLives = 1,

    /// <summary>Any answer to callers.</summary>
    AnyResult = 2,

    /// <summary>A second effect of a call.</summary>
    Repetition = 4,

    /// <summary>No effect of a call that was acknowledged.</summary>
    Loss = 8,

    /// <summary>An effect of a call that was refused before.</summary>
    Refused = 16,
}
