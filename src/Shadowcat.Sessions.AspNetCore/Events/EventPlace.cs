using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The event that a client received last, and the state of its stream there.</summary>
/// <param name="Id">The event.</param>
/// <param name="Stream">The name of the stream in its frames.</param>
/// <param name="StreamId">The stream id of the client.</param>
/// <param name="Mode">The mode of the stream from there on.</param>
/// <param name="ReconnectionInterval">The reconnection interval of the event; null for none.</param>
internal sealed record EventPlace(EventId Id, string Stream, string StreamId, SseEventStreamMode Mode, TimeSpan? ReconnectionInterval)
{
    /// <summary>Reads the place from its frame; null where the frame is no event of the stream.</summary>
    public static EventPlace? In(BorrowedFrame frame, EventId id, EventStream stream) =>
        EventFrames.IsEvent(frame.Direction) && string.Equals(frame.ExchangeId, stream.Name, StringComparison.Ordinal)
            ? new EventPlace(id, stream.Name, EventFrames.StreamIdOf(frame.Metadata), EventFrames.ModeOf(frame.Metadata), EventFrames.ReconnectionIntervalOf(frame.Metadata))
            : null;
}
