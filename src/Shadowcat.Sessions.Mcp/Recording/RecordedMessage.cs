namespace Shadowcat.Sessions.Mcp;

/// <summary>A message as it was seen, on its way to the store.</summary>
/// <param name="Direction">Which way it went.</param>
/// <param name="Payload">Its bytes.</param>
/// <param name="Facts">What the transport said beside it.</param>
internal sealed record RecordedMessage(MessageDirection Direction, ReadOnlyMemory<byte> Payload, MessageFacts Facts);
