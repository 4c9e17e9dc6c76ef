using System.Text;
using System.Text.Json;

namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>A frame as JSON. What was said stands in <c>message</c> where it is JSON, else in <c>text</c>, or in <c>base64</c> where it is no text.</summary>
internal static class FrameDocument
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Deeper than any message that was parsed.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    public static void Write(Utf8JsonWriter writer, MessageEnvelope frame)
    {
        writer.WriteStartObject();
        writer.WriteString("sessionId", frame.SessionId.Value);
        writer.WriteNumber("sequence", frame.Sequence);
        writer.WriteString("timestamp", frame.Timestamp.UtcDateTime);
        writer.WriteString("direction", JsonWord.Of(frame.Direction));
        writer.WriteString("transport", JsonWord.Of(frame.TransportType));
        writer.WriteString("kind", JsonWord.Of(frame.Kind));
        Text(writer, "method", frame.Method);
        if (frame.RequestId is { } id)
        {
            writer.WritePropertyName("requestId");
            JsonSerializer.Serialize(writer, id);
        }

        Text(writer, "exchangeId", frame.ExchangeId);
        Text(writer, "protocolVersion", frame.ProtocolVersion);
        writer.WriteStartArray("flags");
        foreach (var flag in Enum.GetValues<MessageFlags>().Where(flag => flag != MessageFlags.None && frame.Flags.HasFlag(flag)))
        {
            writer.WriteStringValue(JsonWord.Of(flag));
        }

        writer.WriteEndArray();
        writer.WriteStartObject("metadata");
        foreach (var (name, value) in frame.Metadata)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteNumber("bytes", frame.Payload.Length);
        WritePayload(writer, frame.Payload);
        writer.WriteEndObject();
    }

    private static void WritePayload(Utf8JsonWriter writer, ReadOnlyMemory<byte> payload)
    {
        try
        {
            // Not as it stands there: a message may have several lines.
            using var document = JsonDocument.Parse(payload, Deep);
            writer.WritePropertyName("message");
            document.RootElement.WriteTo(writer);
        }
        catch (JsonException)
        {
            WriteText(writer, payload.Span);
        }
    }

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> payload)
    {
        try
        {
            writer.WriteString("text", Strict.GetString(payload));
        }
        catch (DecoderFallbackException)
        {
            writer.WriteBase64String("base64", payload);
        }
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
