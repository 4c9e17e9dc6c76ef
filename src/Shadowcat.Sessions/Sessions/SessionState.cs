namespace Shadowcat.Sessions;

/// <summary>Where a session is in the MCP lifecycle. The numbers are stored and never change their meaning.</summary>
/// <seealso href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle"/>
public enum SessionState
{
    /// <summary>The peers have not yet agreed on a protocol version.</summary>
    Initializing = 0,

    /// <summary>The peers agreed and exchange messages.</summary>
    Active = 1,

    /// <summary>One side began to end the session.</summary>
    ShuttingDown = 2,

    /// <summary>No further message is expected.</summary>
    Closed = 3,
}
