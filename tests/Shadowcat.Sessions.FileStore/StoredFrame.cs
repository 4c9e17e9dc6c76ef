namespace Shadowcat.Sessions.FileStore;

/// <summary>A frame with the key that distinguishes it from others.</summary>
/// <param name="Envelope">The frame.</param>
/// <param name="Key">The key.</param>
internal sealed record StoredFrame(MessageEnvelope Envelope, ulong Key)
{
    /// <summary>What counts against a bound of bytes.</summary>
    public long Bytes => Envelope.Payload.Length + (Envelope.Method?.Length ?? 0) + 40;
}
