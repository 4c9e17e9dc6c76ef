using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Shadowcat.Sessions.Recorder.Display;

namespace Shadowcat.Sessions.Recorder.Exporting.Har;

/// <summary>Writes the body of a response, piece by piece: a whole one, or the events of a stream.</summary>
/// <param name="json">Where to.</param>
/// <param name="isStream">Whether it is a stream of events.</param>
internal sealed class HarBody(Utf8JsonWriter json, bool isStream)
{
    private const string LengthKey = "recording.length";
    private const int FlushBytes = 64 * 1024;

    private long _size;
    private bool _hasText;
    private bool _isEnded;
    private string _type = isStream ? "text/event-stream" : "x-unknown";

    /// <summary>The body of a request: the format has no other form for it than text.</summary>
    public static string TextOf(MessageEnvelope frame) => Encoding.UTF8.GetString(frame.Payload.Span);

    /// <summary>How long a body was, of which only the beginning may have been kept.</summary>
    public static long LengthOf(MessageEnvelope frame) =>
        long.TryParse(frame.Metadata.GetValueOrDefault(LengthKey), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : frame.Payload.Length;

    public void Begin() => json.WriteStartObject("content");

    /// <summary>Writes the body of a frame.</summary>
    public async ValueTask AddAsync(MessageEnvelope frame)
    {
        if (_isEnded || frame.Payload.IsEmpty)
        {
            return;
        }

        if (isStream)
        {
            AddEvent(frame);
        }
        else
        {
            AddWhole(frame);
        }

        if (json.BytesPending > FlushBytes)
        {
            await json.FlushAsync();
        }
    }

    public void End()
    {
        if (_hasText)
        {
            json.WriteStringValueSegment("", isFinalSegment: true);
        }

        json.WriteString("mimeType", _type);
        json.WriteNumber("size", _size);
        json.WriteEndObject();
    }

    private void AddWhole(MessageEnvelope frame)
    {
        _isEnded = true;
        _size = LengthOf(frame);
        _type = TransportText.IsEnd(frame) ? _type : "application/json";
        if (Utf8.IsValid(frame.Payload.Span))
        {
            json.WriteString("text", frame.Payload.Span);
        }
        else
        {
            json.WriteBase64String("text", frame.Payload.Span);
            json.WriteString("encoding", "base64");
        }
    }

    private void AddEvent(MessageEnvelope frame)
    {
        var text = new StringBuilder();
        if (frame.Metadata.TryGetValue("sse.id", out var id))
        {
            text.Append("id: ").Append(id).Append('\n');
        }

        if (frame.Metadata.TryGetValue("sse.event", out var type))
        {
            text.Append("event: ").Append(type).Append('\n');
        }

        text.Append("data: ").Append(TextOf(frame).Replace("\n", "\ndata: ", StringComparison.Ordinal));

        // What came of an event that was cut off is none yet.
        text.Append(TransportText.IsEnd(frame) ? "" : "\n\n");
        if (!_hasText)
        {
            json.WritePropertyName("text");
            _hasText = true;
        }

        var piece = text.ToString();
        _size += Encoding.UTF8.GetByteCount(piece);
        json.WriteStringValueSegment(piece, isFinalSegment: false);
    }
}
