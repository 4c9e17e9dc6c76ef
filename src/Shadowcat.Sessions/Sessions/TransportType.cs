using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>What carries the messages of a session. The numbers are stored and never change their meaning.</summary>
[JsonConverter(typeof(SessionsJsonConverter))]
public enum TransportType
{
    /// <summary>Standard input and output of a child process, one message a line.</summary>
    Stdio = 0,

    /// <summary>Plain HTTP requests and responses.</summary>
    Http = 1,

    /// <summary>HTTP with Server-Sent Events, as in the MCP revision 2024-11-05.</summary>
    Sse = 2,

    /// <summary>Streamable HTTP, as in the MCP revisions since 2025-03-26.</summary>
    StreamableHttp = 3,

    /// <summary>A WebSocket connection.</summary>
    WebSocket = 4,
}
