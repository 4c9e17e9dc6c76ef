using System.Text;

namespace Shadowcat.Sessions;

/// <summary>How much a frame takes: what stores and buffers in memory count against their bounds.</summary>
internal static class FrameSize
{
    /// <summary>About what a store keeps of a frame beside its payload and texts.</summary>
    private const int FixedBytes = 40;

    /// <summary>The bytes of payload and texts, in UTF-8, and 40 for the rest.</summary>
    public static long Of(MessageEnvelope frame)
    {
        long bytes = FixedBytes + frame.Payload.Length + Of(frame.Method) + Of(frame.RequestId?.Value) + Of(frame.ExchangeId) + Of(frame.ProtocolVersion);
        foreach (var (key, value) in frame.Metadata)
        {
            bytes += Of(key) + Of(value);
        }

        return bytes;
    }

    private static int Of(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
