namespace Shadowcat.Sessions.Mcp;

/// <summary>What a replay knows of a recorded message.</summary>
/// <param name="Sequence">The frame it is.</param>
/// <param name="Direction">Which way it went.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Method">The method of a request or notification.</param>
/// <param name="Id">The id of a request or answer.</param>
/// <param name="Fingerprint">What a request or notification asks for; null where that cannot be read.</param>
/// <param name="Damage">What happened to it before it was stored, so that it is not what was said; null for nothing.</param>
internal sealed record ReplayedMessage(
    long Sequence, MessageDirection Direction, MessageKind Kind, string? Method, RequestId? Id, UInt128? Fingerprint, string? Damage)
{
    public bool IsFrom(MessageDirection direction, MessageKind kind) => Direction == direction && Kind == kind;
}
