using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>One reading of a stream behind one of its events: where it is, and the events that the frames hold.</summary>
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

    /// <summary>The mode of the stream as far as it was read.</summary>
    public SseEventStreamMode Mode { get; private set; } = place.Mode;

    /// <summary>Whether the stream has ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>An event without a message that says where the reading began: the id that the client has already, and when it should come again.</summary>
    public SseItem<JsonRpcMessage?> Place { get; } = new(null, Prime)
    {
        EventId = place.Id.ToString(),
        ReconnectionInterval = place.ReconnectionInterval,
    };

    /// <summary>Whether there is more for it in the frames that are there, or in those that are waited for: a stream that is polled from now on is not waited for.</summary>
    public bool GoesOn(EventSource source) => !IsOver && (!source.Waits || Mode == SseEventStreamMode.Streaming);

    /// <summary>Looks at the next frame; false where it is no event of the stream.</summary>
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

    /// <summary>Reads what events have in common. A store hands out the same metadata again where it is the same as before.</summary>
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
