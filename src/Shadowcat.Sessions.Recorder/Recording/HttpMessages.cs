using System.Globalization;

namespace Shadowcat.Sessions.Recorder.Recording;

/// <summary>Records what goes over Streamable HTTP, each message as a frame.</summary>
internal static class HttpMessages
{
    /// <summary>In the metadata of an answer that was no success, and of the end of an exchange: the status of the response.</summary>
    public const string StatusKey = "http.status";

    /// <summary>In the metadata of the end of an exchange: what the client did, for not every request has a body.</summary>
    public const string MethodKey = "http.method";

    /// <summary>In the metadata of a frame that was cut off: how long the message was.</summary>
    private const string LengthKey = "recording.length";

    /// <summary>In the metadata of a frame that was an event: its id and, where it says one, its type.</summary>
    private const string EventKey = "sse.id";
    private const string TypeKey = "sse.event";

    /// <summary>Only read, never stored.</summary>
    private static readonly SessionId Nowhere = new("nowhere");

    /// <summary>Reads what a message says of itself.</summary>
    public static MessageEnvelope Read(MessageDirection direction, ReadOnlyMemory<byte> body) =>
        new(Nowhere, direction, TransportType.StreamableHttp, body, DateTimeOffset.UnixEpoch);

    /// <summary>Records a message in the exchange that it belongs to.</summary>
    /// <param name="conversation">Its conversation.</param>
    /// <param name="message">The message, as it was read.</param>
    /// <param name="exchange">The exchange that it came in.</param>
    /// <param name="metadata">What the transport says beside it.</param>
    /// <param name="flags">What happened to it.</param>
    public static void Record(
        HttpConversation conversation, MessageEnvelope message, string exchange, IEnumerable<KeyValuePair<string, string>> metadata, MessageFlags flags = MessageFlags.None)
    {
        if (message is { Kind: MessageKind.Request, RequestId: { } asked })
        {
            conversation.Requests.Ask(message.Direction, asked, exchange);
        }
        else if (message is { Kind: MessageKind.Response or MessageKind.Error, RequestId: { } answered })
        {
            var other = message.Direction == MessageDirection.ClientToServer ? MessageDirection.ServerToClient : MessageDirection.ClientToServer;
            exchange = conversation.Requests.Answer(other, answered, exchange);
        }

        conversation.Record(message.Direction, message.Payload, metadata, flags, exchange);
    }

    /// <summary>What an event says beside its data.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Metadata(SseMessage message)
    {
        // A server may say what it likes; what no frame takes is left out.
        if (message.Id is { Length: <= FrameMetadata.MaxValueLength } id)
        {
            yield return new(EventKey, id);
        }

        if (message.Type is { Length: <= FrameMetadata.MaxValueLength } type and not "message")
        {
            yield return new(TypeKey, type);
        }

        foreach (var entry in Length(message.Data.Length, message.Length))
        {
            yield return entry;
        }
    }

    /// <summary>How long a message was of which only the beginning is kept.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Length(int kept, long length) =>
        kept < length ? [new(LengthKey, length.ToString(CultureInfo.InvariantCulture))] : [];
}
