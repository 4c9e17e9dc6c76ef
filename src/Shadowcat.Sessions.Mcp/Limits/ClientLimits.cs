namespace Shadowcat.Sessions.Mcp;

/// <summary>The limits of what clients can make a server store. Checked at start-up.</summary>
/// <remarks>Each store has its own: the name of the options is the name of the store. They apply to sessions of clients over HTTP. A client over stdio has started the server itself. They are read once, when the host starts: later changes of the configuration have no effect.</remarks>
public sealed class ClientLimits
{
    /// <summary>
    /// The greatest first message of a client that is not authenticated. The recording stores only the beginning of a larger one, with <see cref="MessageFlags.Truncated"/>. Migration refuses a client
    /// whose description of itself is larger.
    /// </summary>
    /// <value>1 KiB to 256 MiB; 64 KiB by default.</value>
    public int MaxAnonymousFirstFrameBytes { get; set; } = 64 * 1024;

    /// <summary>How many bytes of messages, in both directions, this process records of one session of a client that is not authenticated. Further messages are dropped and counted.</summary>
    /// <value><see cref="MaxAnonymousFirstFrameBytes"/> to 1 TiB; 16 MiB by default.</value>
    public long MaxAnonymousSessionBytes { get; set; } = 16L * 1024 * 1024;

    /// <summary>How many sessions of one principal this process may have begun that the store still has, including ended ones.</summary>
    /// <value>1 to 1000000 sessions; 10000 by default.</value>
    public int MaxSessionsPerPrincipal { get; set; } = 10_000;

    /// <summary>How many sessions of all clients together that are not authenticated this process may have begun that the store still has, including ended ones.</summary>
    /// <value>1 to 1000000 sessions; 10000 by default.</value>
    public int MaxAnonymousSessions { get; set; } = 10_000;

    /// <summary>How many sessions the store may have before no client may begin another. They are counted once a second at most, so replicas together may exceed the limit by what they begin in a second.</summary>
    /// <value>1 to 1000000000 sessions; 1000000 by default.</value>
    public long MaxStoredSessions { get; set; } = 1_000_000;
}
