namespace Shadowcat.Sessions.Mcp;

/// <summary>What a replay knows of a recorded message.</summary>
/// <param name="Sequence">The sequence of its frame.</param>
/// <param name="Direction">Its direction.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Method">The method of a request or notification.</param>
/// <param name="Id">The id of a request or answer.</param>
/// <param name="Fingerprint">What a request or notification asks for; null where that cannot be read.</param>
/// <param name="Damage">How it was damaged when it was recorded; null where it is intact.</param>
internal sealed record ReplayedMessage(
    long Sequence, MessageDirection Direction, MessageKind Kind, string? Method, RequestId? Id, UInt128? Fingerprint, string? Damage)
{
    public bool IsFrom(MessageDirection direction, MessageKind kind) => Direction == direction && Kind == kind;
}
