using System.Text;

namespace Shadowcat.Sessions.Tests.Frames;

/// <summary>A borrowed frame says the same as the frame it stands for, whether a store made it of that frame or of encoded bytes.</summary>
public sealed class BorrowedFrameTests
{
    private static readonly MessageEnvelope Full = Make.FullFrame(new SessionId("s")) with { Sequence = 7 };

    [Fact]
    public void OfAnEnvelope_SaysWhatThatSays()
    {
        AssertSame(Full, new BorrowedFrame(Full));
        AssertSame(Make.Frame(Full.SessionId), new BorrowedFrame(Make.Frame(Full.SessionId)));
    }

    [Fact]
    public void OfEncodedParts_DecodesEach()
    {
        var frame = new BorrowedFrame(Full.SessionId, Full.Sequence, new TaggingDecoder())
        {
            Direction = Full.Direction,
            Timestamp = Full.Timestamp,
            TransportType = Full.TransportType,
            Kind = Full.Kind,
            Flags = Full.Flags,
            Payload = Full.Payload.Span,
            EncodedMethod = "m"u8,
            EncodedRequestId = "r"u8,
            EncodedExchangeId = "e"u8,
            EncodedProtocolVersion = "v"u8,
            EncodedMetadata = "d"u8,
        };

        AssertSame(
            Full with
            {
                Method = "method m",
                RequestId = RequestId.FromString("id r"),
                ExchangeId = "exchange e",
                ProtocolVersion = "version v",
                Metadata = FrameMetadata.Create([new("metadata", "d")]),
            },
            frame);
    }

    /// <summary>A decoder is not asked about what is not there.</summary>
    [Fact]
    public void OfNoEncodedParts_HasNone()
    {
        var frame = new BorrowedFrame(Full.SessionId, Full.Sequence, new TaggingDecoder()) { Timestamp = Full.Timestamp };

        AssertSame(new MessageEnvelope(Full.SessionId, default, default, default, Full.Timestamp) { Sequence = Full.Sequence }, frame);
        Assert.Same(FrameMetadata.None, frame.Metadata);
    }

    [Fact]
    public void ToEnvelope_OfAnEnvelope_CopiesThePayload()
    {
        var payload = "payload"u8.ToArray();
        var copy = new BorrowedFrame(Full with { Payload = payload }).ToEnvelope();

        payload[0] = 0;

        Assert.Equal("payload", Encoding.UTF8.GetString(copy.Payload.Span));
    }

    [Fact]
    public void New_OfNothing_IsRefused()
    {
        Assert.Equal("decoder", Assert.Throws<ArgumentNullException>(() => new BorrowedFrame(Full.SessionId, 0, null!).Sequence).ParamName);
        Assert.Equal("envelope", Assert.Throws<ArgumentNullException>(() => new BorrowedFrame(null!).Sequence).ParamName);
    }

    private static void AssertSame(MessageEnvelope expected, BorrowedFrame frame)
    {
        Assert.Equal(expected, frame.ToEnvelope());
        Assert.Equal((expected.SessionId, expected.Sequence, expected.Direction, expected.Timestamp), (frame.SessionId, frame.Sequence, frame.Direction, frame.Timestamp));
        Assert.Equal((expected.TransportType, expected.Kind, expected.Flags, expected.Method), (frame.TransportType, frame.Kind, frame.Flags, frame.Method));
        Assert.Equal((expected.RequestId, expected.ExchangeId, expected.ProtocolVersion, expected.Metadata), (frame.RequestId, frame.ExchangeId, frame.ProtocolVersion, frame.Metadata));
        Assert.True(frame.Payload.SequenceEqual(expected.Payload.Span));
    }

    private sealed class TaggingDecoder : FrameDecoder
    {
        public override string Method(ReadOnlySpan<byte> encoded) => $"method {Text(encoded)}";

        public override RequestId RequestId(ReadOnlySpan<byte> encoded) => global::Shadowcat.Sessions.RequestId.FromString($"id {Text(encoded)}");

        public override string ExchangeId(ReadOnlySpan<byte> encoded) => $"exchange {Text(encoded)}";

        public override string ProtocolVersion(ReadOnlySpan<byte> encoded) => $"version {Text(encoded)}";

        public override FrameMetadata Metadata(ReadOnlySpan<byte> encoded) => FrameMetadata.Create([new("metadata", Text(encoded))]);

        private static string Text(ReadOnlySpan<byte> encoded) => encoded.IsEmpty ? throw new InvalidOperationException("There is nothing to decode.") : Shared(encoded);
    }
}
