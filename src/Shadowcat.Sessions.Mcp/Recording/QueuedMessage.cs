namespace Shadowcat.Sessions.Mcp;

/// <summary>An entry of the queue: a message, the end of its session, or neither: then something is open in the session, which is a sign of life.</summary>
/// <param name="Session">Whose it is.</param>
/// <param name="Time">When it was seen.</param>
/// <param name="Message">The message; null for none.</param>
/// <param name="DroppedBefore">How many messages of the session found no room since the entry before.</param>
/// <param name="End">How the session ended; null where it goes on.</param>
internal readonly record struct QueuedMessage(
    RecordedSession Session, DateTimeOffset Time, RecordedMessage? Message, long DroppedBefore, SessionEnd? End);
