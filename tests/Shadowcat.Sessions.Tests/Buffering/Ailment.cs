namespace Shadowcat.Sessions.Tests.Buffering;

/// <summary>What is wrong with an <see cref="AilingStore"/>.</summary>
public enum Ailment
{
    None,

    /// <summary>Nothing is done, and it says so.</summary>
    Away,

    /// <summary>Nothing is done, and it does not answer.</summary>
    Silent,

    /// <summary>It does what it is asked to, and does not answer.</summary>
    SilentThoughDone,

    /// <summary>It does what it is asked to, and the connection breaks before it says so.</summary>
    BrokenThoughDone,

    /// <summary>It is at its memory limit.</summary>
    Full,
}
