namespace Shadowcat.Sessions.Tests.Frames;

/// <summary>What counts against the bounds of memory: every part of a frame, by its bytes in UTF-8.</summary>
public sealed class FrameSizeTests
{
    private static readonly MessageEnvelope Bare = new(new SessionId("s"), MessageDirection.Internal, TransportType.Http, default, Make.At);

    public static TheoryData<MessageEnvelope, long> OnePart => new()
    {
        { Bare with { Payload = new byte[5] }, 5 },
        { Bare with { Method = "mü" }, 3 },
        { Bare with { RequestId = RequestId.FromString("日本") }, 6 },
        { Bare with { RequestId = RequestId.FromNumber(1234) }, 4 },
        { Bare with { ExchangeId = "exchange" }, 8 },
        { Bare with { ProtocolVersion = "2025-11-25" }, 10 },
        { Bare with { Metadata = FrameMetadata.Create([new("a", "bc"), new("d", "")]) }, 4 },
    };

    [Theory]
    [MemberData(nameof(OnePart), DisableDiscoveryEnumeration = true)]
    public void Of_EachPart_IsCounted(MessageEnvelope frame, long bytes) => Assert.Equal(FrameSize.Of(Bare) + bytes, FrameSize.Of(frame));

    [Fact]
    public void Of_AllParts_IsTheirSum()
    {
        var frame = new MessageEnvelope(Bare.SessionId, Bare.Direction, Bare.TransportType, new byte[5], Bare.Timestamp)
        {
            Method = "mü",
            RequestId = RequestId.FromString("日本"),
            ExchangeId = "exchange",
            ProtocolVersion = "2025-11-25",
            Metadata = FrameMetadata.Create([new("a", "bc"), new("d", "")]),
        };

        Assert.Equal(FrameSize.Of(Bare) + 5 + 3 + 6 + 8 + 10 + 4, FrameSize.Of(frame));
        Assert.InRange(FrameSize.Of(Bare), 1, 100);
    }
}
