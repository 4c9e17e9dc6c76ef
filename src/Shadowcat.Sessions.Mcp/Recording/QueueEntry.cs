namespace Shadowcat.Sessions.Mcp;

/// <summary>An entry of the queue: a message, or the end of a session. An entry with neither keeps a session alive in which something is open.</summary>
/// <param name="Session">The session.</param>
/// <param name="Time">When the entry was queued.</param>
/// <param name="Message">The message; null for none.</param>
/// <param name="DroppedBefore">How many messages of the session were dropped since its entry before.</param>
/// <param name="End">How the session ended; null where it has not.</param>
internal readonly record struct QueueEntry(
    RecordedSession Session, DateTimeOffset Time, RecordedMessage? Message, long DroppedBefore, SessionEnd? End);
