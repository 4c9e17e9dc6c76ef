namespace Shadowcat.Sessions.Mcp;

/// <summary>What the queue did with a message.</summary>
internal enum Admission
{
    /// <summary>It is on its way.</summary>
    Accepted,

    /// <summary>There was no room for it.</summary>
    Full,

    /// <summary>Its session had ended.</summary>
    SessionEnded,

    /// <summary>The recorder is being disposed.</summary>
    Stopped,
}
