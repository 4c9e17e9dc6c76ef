using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The state of reading a stream behind one of its events. Turns its frames into events.</summary>
internal sealed class EventReading(EventPlace place)
{
    /// <summary>The type of the SDK's own events without a message.</summary>
    private const string Prime = "prime";

    private FrameMetadata _metadata = FrameMetadata.None;
    private string _type = SseParser.EventTypeDefault;
    private TimeSpan? _reconnectionInterval;
    private bool _hasEnd;

    /// <summary>The sequence of the frame to read next.</summary>
    public long Next { get; private set; } = place.Id.Sequence + 1;

    /// <summary>The mode of the stream so far.</summary>
    public SseEventStreamMode Mode { get; private set; } = place.Mode;

    /// <summary>Whether the stream has ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>An event without a message that repeats the id and the reconnection interval of the event behind which the reading began.</summary>
    public SseItem<JsonRpcMessage?> Place { get; } = new(null, Prime)
    {
        EventId = place.Id.ToString(),
        ReconnectionInterval = place.ReconnectionInterval,
    };

    /// <summary>Whether to read on from a source: not behind the end of the stream, and not for new frames of a stream that is polled from now on.</summary>
    public bool GoesOn(EventSource source) => !IsOver && (!source.Waits || Mode == SseEventStreamMode.Streaming);

    /// <summary>Reads the next frame; false where it is no event of the stream.</summary>
    public bool TryTake(BorrowedFrame frame, out SseItem<JsonRpcMessage?> item)
    {
        Next = frame.Sequence + 1;
        item = default;
        return frame.ExchangeId == place.Stream && TryTake(frame.Direction, frame.Metadata, frame.Payload, out item);
    }

    /// <inheritdoc cref="TryTake(BorrowedFrame, out SseItem{JsonRpcMessage?})"/>
    public bool TryTake(MessageEnvelope frame, out SseItem<JsonRpcMessage?> item)
    {
        Next = frame.Sequence + 1;
        item = default;
        return frame.ExchangeId == place.Stream && TryTake(frame.Direction, frame.Metadata, frame.Payload.Span, out item);
    }

    private bool TryTake(MessageDirection direction, FrameMetadata metadata, ReadOnlySpan<byte> payload, out SseItem<JsonRpcMessage?> item)
    {
        Learn(metadata);
        IsOver = _hasEnd;
        if (IsOver || !EventFrames.IsEvent(direction))
        {
            item = default;
            return false;
        }

        item = new SseItem<JsonRpcMessage?>(payload.IsEmpty ? null : StoredMessage.Read(payload), _type)
        {
            EventId = (place.Id with { Sequence = Next - 1 }).ToString(),
            ReconnectionInterval = _reconnectionInterval,
        };
        return true;
    }

    /// <summary>Reads the metadata. A store returns the same object again where the metadata is the same.</summary>
    private void Learn(FrameMetadata metadata)
    {
        if (!ReferenceEquals(metadata, _metadata))
        {
            _metadata = metadata;
            Mode = EventFrames.ModeOf(metadata);
            _type = EventFrames.TypeOf(metadata);
            _reconnectionInterval = EventFrames.ReconnectionIntervalOf(metadata);
            _hasEnd = EventFrames.IsEnd(metadata);
        }
    }
}
