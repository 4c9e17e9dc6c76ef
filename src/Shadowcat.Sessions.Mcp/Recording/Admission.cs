namespace Shadowcat.Sessions.Mcp;

/// <summary>What the queue did with a message that was offered to it.</summary>
internal enum Admission
{
    /// <summary>It is queued.</summary>
    Accepted,

    /// <summary>The queue is full.</summary>
    Full,

    /// <summary>Its session has ended.</summary>
    SessionEnded,

    /// <summary>The recorder is being disposed.</summary>
    Stopped,
}
