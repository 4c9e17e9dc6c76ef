using System.Globalization;
using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The stored form of a stream: a frame per event, and one where its mode changes or it ends.</summary>
/// <remarks>
/// <see cref="MessageEnvelope.ExchangeId"/> is the name of the stream, which depends on its owner. The payload is the message, or empty where the event has none. The metadata holds the stream id of the
/// client, the mode from this frame on where it is polling, and the type and the reconnection interval of the event where they are not the defaults. Frames that are no events are
/// <see cref="MessageDirection.Internal"/>.
/// </remarks>
internal static class EventFrames
{
    private const string StreamKey = "sse.stream";
    private const string ModeKey = "sse.mode";
    private const string TypeKey = "sse.type";
    private const string RetryKey = "sse.retry";
    private const string EndKey = "sse.end";
    private const string Polling = "polling";

    /// <summary>The metadata that all events of a stream in a mode have in common.</summary>
    /// <param name="streamId">The stream id of the client: the id of its request, so any text.</param>
    /// <param name="mode">The mode.</param>
    public static FrameMetadata Common(string streamId, SseEventStreamMode mode) => FrameMetadata.Create(mode == SseEventStreamMode.Polling
        ? [new(StreamKey, StorableText.Of(streamId)), new(ModeKey, Polling)]
        : [new(StreamKey, StorableText.Of(streamId))]);

    public static MessageEnvelope Event(SessionId log, string stream, FrameMetadata common, SseItem<JsonRpcMessage?> item, DateTimeOffset now) =>
        new(log, MessageDirection.ServerToClient, TransportType.Sse, item.Data is null ? default(ReadOnlyMemory<byte>) : MessageBytes.Of(item.Data), now)
        {
            ExchangeId = stream,
            Metadata = item.EventType == SseParser.EventTypeDefault && item.ReconnectionInterval is null ? common : With(common, item),
        };

    public static MessageEnvelope ModeChange(SessionId log, string stream, FrameMetadata common, DateTimeOffset now) =>
        new(log, MessageDirection.Internal, TransportType.Sse, default, now) { ExchangeId = stream, Metadata = common };

    public static MessageEnvelope End(SessionId log, string stream, FrameMetadata common, DateTimeOffset now) =>
        ModeChange(log, stream, FrameMetadata.Create([.. common, new(EndKey, "")]), now);

    /// <summary>Whether a frame with a direction is an event.</summary>
    public static bool IsEvent(MessageDirection direction) => direction != MessageDirection.Internal;

    /// <summary>The stream id in the metadata of a frame.</summary>
    public static string StreamIdOf(FrameMetadata metadata) => metadata.TryGetValue(StreamKey, out var id) ? id : "";

    /// <summary>The mode of a stream from a frame on.</summary>
    public static SseEventStreamMode ModeOf(FrameMetadata metadata) =>
        metadata.ContainsKey(ModeKey) ? SseEventStreamMode.Polling : SseEventStreamMode.Streaming;

    public static bool IsEnd(FrameMetadata metadata) => metadata.ContainsKey(EndKey);

    public static string TypeOf(FrameMetadata metadata) => metadata.TryGetValue(TypeKey, out var type) ? type : SseParser.EventTypeDefault;

    public static TimeSpan? ReconnectionIntervalOf(FrameMetadata metadata) =>
        metadata.TryGetValue(RetryKey, out var ticks) ? new TimeSpan(long.Parse(ticks, CultureInfo.InvariantCulture)) : null;

    private static FrameMetadata With(FrameMetadata common, SseItem<JsonRpcMessage?> item)
    {
        List<KeyValuePair<string, string>> entries = [.. common];
        if (item.EventType != SseParser.EventTypeDefault)
        {
            entries.Add(new(TypeKey, item.EventType));
        }

        if (item.ReconnectionInterval is { } retry)
        {
            entries.Add(new(RetryKey, retry.Ticks.ToString(CultureInfo.InvariantCulture)));
        }

        return FrameMetadata.Create(entries);
    }
}
