using System.Globalization;
using System.Text;

namespace Shadowcat.Sessions.Aot.Authoring;

/// <summary>A frame in the buffer of a store of somebody, whose texts are decoded when they are asked for.</summary>
internal static class BufferedFrames
{
    public static void Make()
    {
        var frame = new BorrowedFrame(new SessionId("a"), 5, new Utf8())
        {
            Direction = MessageDirection.ServerToClient,
            Timestamp = Samples.Time,
            TransportType = TransportType.Sse,
            Kind = MessageKind.Response,
            Flags = MessageFlags.Truncated,
            Payload = "{}"u8,
            EncodedMethod = "tools/list"u8,
            EncodedRequestId = "7"u8,
            EncodedExchangeId = "x"u8,
            EncodedProtocolVersion = "2025-11-25"u8,
            EncodedMetadata = "k=v"u8,
        };
        Check.That(frame.Method == "tools/list" && frame.RequestId == RequestId.FromNumber(7) && frame.ExchangeId == "x" && frame.ProtocolVersion == "2025-11-25" && frame.Metadata["k"] == "v");
        var kept = frame.ToEnvelope();
        Check.That(kept is { Sequence: 5, Flags: MessageFlags.Truncated, Kind: MessageKind.Response, Direction: MessageDirection.ServerToClient, TransportType: TransportType.Sse });
        Check.That(new BorrowedFrame(kept).Payload.SequenceEqual("{}"u8) && new BorrowedFrame(kept).Timestamp == frame.Timestamp);
    }

    private sealed class Utf8 : FrameDecoder
    {
        public override string Method(ReadOnlySpan<byte> encoded) => Shared(encoded);

        public override RequestId RequestId(ReadOnlySpan<byte> encoded) => Sessions.RequestId.FromNumber(long.Parse(encoded, CultureInfo.InvariantCulture));

        public override string ExchangeId(ReadOnlySpan<byte> encoded) => Shared(encoded);

        public override string ProtocolVersion(ReadOnlySpan<byte> encoded) => Shared(encoded);

        public override FrameMetadata Metadata(ReadOnlySpan<byte> encoded)
        {
            var parts = Encoding.UTF8.GetString(encoded).Split('=');
            return FrameMetadata.Create([new(parts[0], parts[1])]);
        }
    }
}
