namespace Shadowcat.Sessions;

/// <summary>Decodes the texts of a frame in the buffer of a store, when they are asked for. A store whose frames can be borrowed from a buffer derives from it.</summary>
/// <remarks>The store has checked what is in the buffer before it hands out the frame, so nothing here fails. An object belongs to one enumeration, so to one thread at a time.</remarks>
public abstract class FrameDecoder
{
    /// <summary>The method of a frame.</summary>
    /// <param name="encoded">Its place in the buffer, not empty.</param>
    public abstract string Method(ReadOnlySpan<byte> encoded);

    /// <summary>The request id of a frame.</summary>
    /// <param name="encoded">Its place in the buffer, not empty.</param>
    public abstract RequestId RequestId(ReadOnlySpan<byte> encoded);

    /// <summary>The exchange id of a frame.</summary>
    /// <param name="encoded">Its place in the buffer, not empty.</param>
    public abstract string ExchangeId(ReadOnlySpan<byte> encoded);

    /// <summary>The protocol version that a frame names.</summary>
    /// <param name="encoded">Its place in the buffer, not empty.</param>
    public abstract string ProtocolVersion(ReadOnlySpan<byte> encoded);

    /// <summary>The metadata of a frame.</summary>
    /// <param name="encoded">Their place in the buffer, not empty.</param>
    public abstract FrameMetadata Metadata(ReadOnlySpan<byte> encoded);

    /// <summary>Decodes UTF-8. Methods and versions of MCP are shared strings, so that reading them allocates nothing.</summary>
    /// <param name="utf8">The text.</param>
    protected static string Shared(ReadOnlySpan<byte> utf8) => KnownText.Get(utf8) ?? System.Text.Encoding.UTF8.GetString(utf8);
}
