namespace Shadowcat.Sessions.Aot.Model;

/// <summary>A type of a program that holds types of the library.</summary>
/// <param name="Session">A session.</param>
/// <param name="Frames">Its frames.</param>
internal sealed record Conversation(Session Session, MessageEnvelope[] Frames);
