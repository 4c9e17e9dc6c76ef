namespace Shadowcat.Sessions.Mcp;

/// <summary>What clients can make a server keep. Checked at start-up.</summary>
/// <remarks>They hold for sessions of clients over HTTP. Who has a stdio connection to a server started it. They are read once, when the host starts: later changes of the configuration have no effect.</remarks>
public sealed class ClientLimits
{
    /// <summary>
    /// The greatest first message that is kept of a client that is not authenticated. The recording keeps only the beginning of a larger one, with <see cref="MessageFlags.Truncated"/>; migration
    /// refuses a client that says more than this of itself.
    /// </summary>
    /// <value>1 KiB to 256 MiB; 64 KiB by default.</value>
    public int MaxAnonymousFirstFrameBytes { get; set; } = 64 * 1024;

    /// <summary>How many bytes of messages, in both directions, this process records of one session of a client that is not authenticated. What comes beyond is not recorded, and counted.</summary>
    /// <value><see cref="MaxAnonymousFirstFrameBytes"/> to 1 TiB; 16 MiB by default.</value>
    public long MaxAnonymousSessionBytes { get; set; } = 16L * 1024 * 1024;

    /// <summary>How many sessions this process begins for one principal that the store still has, ended ones too.</summary>
    /// <value>1 to 1000000 sessions; 10000 by default.</value>
    public int MaxSessionsPerPrincipal { get; set; } = 10_000;

    /// <summary>How many sessions this process begins for all clients together that are not authenticated, and that the store still has, ended ones too.</summary>
    /// <value>1 to 1000000 sessions; 10000 by default.</value>
    public int MaxAnonymousSessions { get; set; } = 10_000;

    /// <summary>How many sessions the store may have for a client to begin another. It is counted once a second at most, so replicas together may exceed it by what they begin in a second.</summary>
    /// <value>1 to 1000000000 sessions; 1000000 by default.</value>
    public long MaxStoredSessions { get; set; } = 1_000_000;
}
