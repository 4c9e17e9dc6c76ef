using System.Text;

namespace Shadowcat.Sessions.Tests.Frames;

public sealed class MessageEnvelopeTests
{
    private static readonly SessionId Id = new("s");

    private static MessageEnvelope Full => new(Id, MessageDirection.ServerToClient, TransportType.Sse, "payload"u8.ToArray(), Make.At)
    {
        Sequence = 7,
        Kind = MessageKind.Response,
        Method = "m",
        RequestId = RequestId.FromNumber(1),
        ExchangeId = "e",
        ProtocolVersion = "v",
        Flags = MessageFlags.Redacted,
        Metadata = FrameMetadata.Create([new("a", "b")]),
    };

    [Fact]
    public void New_KeepsWhatWasGiven()
    {
        var payload = "x"u8.ToArray();

        var frame = new MessageEnvelope(Id, MessageDirection.Internal, TransportType.WebSocket, payload, Make.At);

        Assert.Equal((Id, MessageDirection.Internal, TransportType.WebSocket, Make.At), (frame.SessionId, frame.Direction, frame.TransportType, frame.Timestamp));
        Assert.True(frame.Payload.Span == payload);
        Assert.Equal((0, MessageKind.Unparsed, MessageFlags.None), (frame.Sequence, frame.Kind, frame.Flags));
        Assert.Same(FrameMetadata.None, frame.Metadata);
        Assert.Null(frame.Method);
        Assert.Null(frame.RequestId);
        Assert.Null(frame.ExchangeId);
        Assert.Null(frame.ProtocolVersion);
    }

    [Fact]
    public void New_OtherOffset_IsUtcAt100Nanoseconds()
    {
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)).AddTicks(1_234_567);

        var frame = Full with { Timestamp = time };

        Assert.Equal(time.UtcTicks, frame.Timestamp.Ticks);
        Assert.Equal(TimeSpan.Zero, frame.Timestamp.Offset);
    }

    [Fact]
    public void New_OutOfBounds_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new MessageEnvelope(default, MessageDirection.Internal, TransportType.Http, default, Make.At));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MessageEnvelope(Id, (MessageDirection)3, TransportType.Http, default, Make.At));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MessageEnvelope(Id, MessageDirection.Internal, (TransportType)5, default, Make.At));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MessageEnvelope(Id, MessageDirection.Internal, TransportType.Http, default, DateTimeOffset.UnixEpoch.AddTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Full with { Kind = (MessageKind)5 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Full with { Flags = (MessageFlags)8 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Full with { Flags = (MessageFlags)(-1) });
        Assert.Throws<ArgumentNullException>(() => Full with { Metadata = null! });
        Assert.Throws<ArgumentException>(() => Full with { SessionId = default });
        Assert.Throws<ArgumentException>(() => Full with { Method = "" });
        Assert.Throws<ArgumentException>(() => Full with { Method = "a\nb" });
        Assert.Throws<ArgumentException>(() => Full with { Method = new string('m', 1025) });
        Assert.Throws<ArgumentException>(() => Full with { ExchangeId = new string('e', 1025) });
        Assert.Throws<ArgumentException>(() => Full with { ExchangeId = "" });
        Assert.Throws<ArgumentException>(() => Full with { ProtocolVersion = new string('v', 65) });

        Assert.Equal(7, (int)(Full with { Flags = (MessageFlags)7 }).Flags);
        Assert.Equal(DateTimeOffset.UnixEpoch, (Full with { Timestamp = DateTimeOffset.UnixEpoch }).Timestamp);
    }

    [Fact]
    public void With_OtherPayload_KeepsWhatWasReadFromTheOriginal()
    {
        var frame = Make.Frame(Id, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"secret":1}}"""u8.ToArray());

        var redacted = frame with { Payload = "gone"u8.ToArray(), Flags = MessageFlags.Redacted };

        Assert.Equal((MessageKind.Request, "tools/call", RequestId.FromNumber(1)), (redacted.Kind, redacted.Method, redacted.RequestId));
    }

    [Fact]
    public void Equals_ComparesEveryPartAndThePayloadByItsBytes()
    {
        Assert.Equal(Full, Full);
        Assert.Equal(Full.GetHashCode(), Full.GetHashCode());
        MessageEnvelope[] others =
        [
            Full with { SessionId = new SessionId("t") },
            Full with { Sequence = 8 },
            Full with { Direction = MessageDirection.Internal },
            Full with { TransportType = TransportType.Http },
            Full with { Timestamp = Make.At.AddTicks(1) },
            Full with { Payload = "payloae"u8.ToArray() },
            Full with { Payload = "payloa"u8.ToArray() },
            Full with { Metadata = FrameMetadata.None },
            Full with { Kind = MessageKind.Error },
            Full with { Method = "n" },
            Full with { RequestId = RequestId.FromString("1") },
            Full with { RequestId = null },
            Full with { ExchangeId = null },
            Full with { ProtocolVersion = null },
            Full with { Flags = MessageFlags.None },
        ];

        Assert.All(others, other => Assert.NotEqual(Full, other));
        Assert.False(Full.Equals(null));
    }

    [Fact]
    public void ToString_DoesNotShowThePayload()
    {
        var frame = Make.Frame(Id, Encoding.UTF8.GetBytes("""{"password":"hunter2"}"""));

        Assert.DoesNotContain("hunter2", frame.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Copy_WithAnotherPayloadOrWithout_KeepsTheRest()
    {
        Assert.Equal(Full, new MessageEnvelope(Full));
        Assert.Equal(Full with { Payload = "other"u8.ToArray() }, new MessageEnvelope(Full, "other"u8.ToArray()));
        Assert.Equal("original", Assert.Throws<ArgumentNullException>(() => new MessageEnvelope(null!)).ParamName);
    }
}
