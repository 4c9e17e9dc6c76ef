namespace Shadowcat.Sessions.Mcp;

/// <summary>How a server differs from the recorded one.</summary>
public enum ReplayDifferenceKind
{
    /// <summary>The answer has another value, or has or lacks a member.</summary>
    Answer = 0,

    /// <summary>The server did not answer in time, or the connection ended.</summary>
    NoAnswer = 1,

    /// <summary>The server answered a request that the recorded server did not answer.</summary>
    NewAnswer = 2,

    /// <summary>The server made a request to the client that the recorded server did not make.</summary>
    NewRequest = 3,

    /// <summary>The server sent more or fewer notifications of a method.</summary>
    Notifications = 4,

    /// <summary>The recorded message was not sent: it was cut off or redacted, is no valid MCP message, or sending it failed.</summary>
    NotSent = 5,

    /// <summary>The server did not make a request to the client that the recorded server made.</summary>
    MissingRequest = 6,

    /// <summary>The recorded answer was cut off or cannot be read, so the answers cannot be compared.</summary>
    NotComparable = 7,
}
