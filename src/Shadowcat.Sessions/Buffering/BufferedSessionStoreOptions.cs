namespace Shadowcat.Sessions;

/// <summary>The options of a <see cref="BufferedSessionStore"/>: how much it keeps, and for how long it tries.</summary>
/// <remarks>They are read once, when the store is made: later changes of the configuration have no effect.</remarks>
public sealed class BufferedSessionStoreOptions
{
    /// <summary>How many frames, and sessions to be created, may be in the buffer at most. What exceeds it is refused.</summary>
    /// <value>1 to 100 million; 100 000 by default.</value>
    public int MaxBufferedFrames { get; set; } = 100_000;

    /// <summary>How many bytes of them, as stored. An empty buffer takes one call of any size.</summary>
    /// <value>1 byte to 1 TiB; 256 MiB by default.</value>
    public long MaxBufferedBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>The longest pause before a store that does not serve is tried again. Pauses double from 10 ms on, each shortened at random by up to a half.</summary>
    /// <value>10 ms to one minute; 250 ms by default.</value>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long disposing waits for the store to take what is in the buffer. What is left then is given up, counted and logged.</summary>
    /// <value>0 to 10 minutes; 5 s by default.</value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many sessions are remembered for <see cref="ISessionBuffer.GetKnownSessionAsync"/>, those that were read or written last.</summary>
    /// <value>0 to 10 million; 0, the default, to remember none.</value>
    public int RememberedSessions { get; set; }
}
