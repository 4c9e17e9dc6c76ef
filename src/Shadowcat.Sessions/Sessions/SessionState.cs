using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>Where a session is in the MCP lifecycle. Stored as a word.</summary>
/// <seealso href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle"/>
[JsonConverter(typeof(SessionsJsonConverter))]
public enum SessionState
{
    /// <summary>The peers have not yet agreed on a protocol version.</summary>
    Initializing = 0,

    /// <summary>The peers agreed and exchange messages.</summary>
    Active = 1,

    /// <summary>One side began to end the session.</summary>
    ShuttingDown = 2,

    /// <summary>No further message is expected: <see cref="Session.Status"/> says how the session ended.</summary>
    Closed = 3,
}
