using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The event that a client had last, and what was to be known of its stream there.</summary>
/// <param name="Id">The event.</param>
/// <param name="Stream">What the frames of the stream are told by.</param>
/// <param name="StreamId">What the client called the stream.</param>
/// <param name="Mode">The mode of the stream.</param>
/// <param name="ReconnectionInterval">When the client was to come again, if the event said so.</param>
internal sealed record EventPlace(EventId Id, string Stream, string StreamId, SseEventStreamMode Mode, TimeSpan? ReconnectionInterval)
{
    /// <summary>Finds the place in its frame; null where the frame is no event of the stream.</summary>
    public static EventPlace? In(BorrowedFrame frame, EventId id, EventStream stream) =>
        EventFrames.IsEvent(frame.Direction) && string.Equals(frame.ExchangeId, stream.Name, StringComparison.Ordinal)
            ? new EventPlace(id, stream.Name, EventFrames.StreamIdOf(frame.Metadata), EventFrames.ModeOf(frame.Metadata), EventFrames.ReconnectionIntervalOf(frame.Metadata))
            : null;
}
