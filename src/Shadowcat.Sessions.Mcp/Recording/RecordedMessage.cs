namespace Shadowcat.Sessions.Mcp;

/// <summary>A message as it was received, before it is redacted.</summary>
/// <param name="Direction">Which way it went.</param>
/// <param name="Payload">Its bytes.</param>
/// <param name="Facts">What else is known about it.</param>
internal sealed record RecordedMessage(MessageDirection Direction, ReadOnlyMemory<byte> Payload, MessageFacts Facts);
