namespace Shadowcat.Sessions.Mcp;

/// <summary>In what a server does not do what the recorded one did.</summary>
public enum ReplayDifferenceKind
{
    /// <summary>The answer has another value, or has or lacks a member.</summary>
    Answer = 0,

    /// <summary>It did not answer in time, or the connection ended.</summary>
    NoAnswer = 1,

    /// <summary>The recorded server did not answer, this one does.</summary>
    NewAnswer = 2,

    /// <summary>It asks the client for something that the recorded server did not ask for.</summary>
    NewRequest = 3,

    /// <summary>It notified more or less often.</summary>
    Notifications = 4,

    /// <summary>The recorded message cannot be sent: it was cut off or redacted, is no message of MCP, or the server does not take it.</summary>
    NotSent = 5,

    /// <summary>The recorded server asked the client for something, this one does not.</summary>
    MissingRequest = 6,

    /// <summary>The recorded answer was cut off or cannot be read, so that nobody can say whether this one is the same.</summary>
    NotComparable = 7,
}
