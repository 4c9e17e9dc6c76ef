using System.Globalization;
using Recorder.Proxying.Http;
using Shadowcat.Sessions;
using Shadowcat.Sessions.Mcp;

namespace Recorder.Recording;

/// <summary>Records what goes over Streamable HTTP, each message as a frame.</summary>
internal static class HttpMessages
{
    /// <summary>In the metadata of a frame that was cut off: how long the message was.</summary>
    private const string LengthKey = "recording.length";

    /// <summary>In the metadata of an answer that was no success: the status of the response.</summary>
    private const string StatusKey = "http.status";

    /// <summary>In the metadata of a frame that was an event: its id and, where it says one, its type.</summary>
    private const string EventKey = "sse.id";
    private const string TypeKey = "sse.event";

    /// <summary>Records what a client posted.</summary>
    public static void ObserveRequest(this SessionRecording recording, byte[] body) => recording.TryRecord(MessageDirection.ClientToServer, body);

    /// <summary>Records a body that answers.</summary>
    public static void ObserveResponse(this SessionRecording recording, byte[] body, int status) => recording.TryRecord(
        MessageDirection.ServerToClient,
        body,
        status is >= 200 and < 300 ? FrameMetadata.None : FrameMetadata.Create([new(StatusKey, status.ToString(CultureInfo.InvariantCulture))]));

    /// <summary>Records an event.</summary>
    public static void Observe(this SessionRecording recording, SseMessage message)
    {
        List<KeyValuePair<string, string>> metadata = [];
        Add(EventKey, message.Id);
        Add(TypeKey, message.Type is "message" ? null : message.Type);
        var isCut = message.Data.Length < message.Length;
        Add(LengthKey, isCut ? message.Length.ToString(CultureInfo.InvariantCulture) : null);
        recording.TryRecord(MessageDirection.ServerToClient, message.Data, FrameMetadata.Create(metadata), isCut ? MessageFlags.Truncated : MessageFlags.None);

        // A server may say what it likes; what no frame takes is left out.
        void Add(string key, string? value)
        {
            if (value is { Length: <= FrameMetadata.MaxValueLength })
            {
                metadata.Add(new(key, value));
            }
        }
    }
}
