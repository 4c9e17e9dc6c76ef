namespace Shadowcat.Sessions;

/// <summary>The options of a <see cref="CachedSessionStore"/>: how many copies it keeps, and how old they may become.</summary>
/// <remarks>They are read once, when the store is made: later changes of the configuration have no effect.</remarks>
public sealed class CachedSessionStoreOptions
{
    /// <summary>How many sessions are kept at most; beyond that, those that are read least are dropped.</summary>
    /// <value>3 to 10 million; 10 000 by default.</value>
    public int Capacity { get; set; } = 10_000;

    /// <summary>How old a copy may become before it is read anew, whether or not a change was received.</summary>
    /// <value>1 ms to one hour; 1 s by default.</value>
    /// <remarks>It bounds how far <see cref="Session.FrameCount"/>, <see cref="Session.FirstSequence"/>, <see cref="Session.LastActivity"/> and
    /// <see cref="Session.ExpiresAt"/> may lag behind the appends and touches of other processes. Everything else is current within moments, whatever this says.</remarks>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How much text a session may hold to be kept: what a peer says of itself may be large, and many such must not fill the memory.</summary>
    /// <value>1 KiB to 1 MiB; 32 KiB by default. Larger ones are read from the store each time.</value>
    public int MaxSessionBytes { get; set; } = 32 * 1024;
}
