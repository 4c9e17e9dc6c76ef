using System.Text;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>How much a frame takes, as <see cref="FrameRows"/> counts it once it is stored.</summary>
internal static class FrameBytes
{
    private const int FixedBytes = 40;

    public static long Of(MessageEnvelope frame) =>
        FixedBytes + frame.Payload.Length + Of(frame.Method) + StoredJson.Write(frame.RequestId).Length + Of(frame.ExchangeId) + Of(frame.ProtocolVersion) + StoredJson.Write(frame.Metadata).Length;

    private static int Of(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
