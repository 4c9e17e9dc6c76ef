namespace Shadowcat.Sessions.Chaos.Schedules;

/// <summary>What happens in a step of a schedule.</summary>
internal enum StepKind
{
    /// <summary>A caller's command arrives, is carried out and answered. Where the caller waits for nothing, it makes its next call first.</summary>
    Answer,

    /// <summary>The connection breaks with the command on its way: its sender notices, and the command may arrive later.</summary>
    /// <remarks>That a reply is lost is this, with the command arriving before anything else does: what its sender does next, it does not know more of.</remarks>
    Break,

    /// <summary>A command that was left behind by a connection that broke arrives, and is carried out; nobody receives the answer.</summary>
    ArriveLate,

    /// <summary>The session expires.</summary>
    Expire,
}
