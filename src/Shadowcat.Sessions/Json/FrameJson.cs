using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>A frame in JSON.</summary>
/// <remarks>
/// <code>
/// {"session_id":"…","seq":0,"ts":"2026-03-04T05:06:07.0891234Z","direction":"c2s","transport_type":"stdio","kind":"request","method":"…","id":1,
///  "exchange_id":"…","protocol_version":"…","flags":["truncated","redacted","undelivered"],"metadata":{…},"raw":{…}}
/// </code>
/// <para>What is absent is left out. The payload is <c>raw</c> or <c>raw_base64</c>, as <see cref="JsonPayload"/> says. Where there is no <c>kind</c>, what a frame's header says is read from the payload.</para>
/// </remarks>
internal static class FrameJson
{
    private const int DefaultMaxDepth = 64;

    private static readonly MemberNames Names = new(
        "session_id", "seq", "ts", "direction", "transport_type", "kind", "method", "id", "exchange_id", "protocol_version", "flags", "metadata", "raw", "raw_base64");

    public static MessageEnvelope Read(ref Utf8JsonReader reader)
    {
        var options = new JsonReaderOptions
        {
            AllowTrailingCommas = reader.CurrentState.Options.AllowTrailingCommas,
            CommentHandling = reader.CurrentState.Options.CommentHandling,
        };
        using var document = JsonDocument.ParseValue(ref reader);
        return Read(JsonMarshal.GetRawUtf8Value(document.RootElement), options);
    }

    public static void Write(Utf8JsonWriter writer, MessageEnvelope frame, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("session_id"u8, frame.SessionId.Value);
        writer.WriteNumber("seq"u8, frame.Sequence);
        writer.WriteString("ts"u8, JsonTime.Text(frame.Timestamp, JsonTime.OfFrame));
        writer.WriteString("direction"u8, JsonNames.Directions[frame.Direction]);
        writer.WriteString("transport_type"u8, JsonNames.Transports[frame.TransportType]);
        writer.WriteString("kind"u8, JsonNames.Kinds[frame.Kind]);
        WriteText(writer, "method"u8, frame.Method);
        if (frame.RequestId is { } id)
        {
            writer.WritePropertyName("id"u8);
            JsonWriting.Write(writer, id);
        }

        WriteText(writer, "exchange_id"u8, frame.ExchangeId);
        WriteText(writer, "protocol_version"u8, frame.ProtocolVersion);
        if (frame.Flags != MessageFlags.None)
        {
            writer.WritePropertyName("flags"u8);
            JsonWriting.Write(writer, frame.Flags);
        }

        if (frame.Metadata.Count > 0)
        {
            writer.WritePropertyName("metadata"u8);
            JsonWriting.Write(writer, frame.Metadata);
        }

        WritePayload(writer, frame.Payload.Span, options);
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WritePayload(Utf8JsonWriter writer, ReadOnlySpan<byte> payload, JsonSerializerOptions options)
    {
        var levels = (options.MaxDepth == 0 ? DefaultMaxDepth : options.MaxDepth) - writer.CurrentDepth;
        switch (JsonPayload.FormOf(payload, Math.Min(levels, JsonPayload.MaxDepth)))
        {
            case PayloadForm.Json:
                writer.WritePropertyName("raw"u8);
                writer.WriteRawValue(payload, skipInputValidation: true);
                break;
            case PayloadForm.Text:
                writer.WriteString("raw"u8, payload);
                break;
            default:
                writer.WriteBase64String("raw_base64"u8, payload);
                break;
        }
    }

    private static MessageEnvelope Read(ReadOnlySpan<byte> json, JsonReaderOptions options)
    {
        var reader = new Utf8JsonReader(json, options);
        JsonValues.Enter(ref reader, JsonTokenType.StartObject, "a frame");
        var read = new Members();
        for (var last = -1; JsonValues.NextName(ref reader);)
        {
            var place = Names.Find(ref reader, last, Names.Count);
            reader.Read();
            if (place < 0 || reader.TokenType == JsonTokenType.Null)
            {
                reader.Skip();
            }
            else
            {
                read.Take((Member)place, ref reader, json);
                last = place;
            }
        }

        return read.ToFrame();
    }

    /// <summary>In the order of <see cref="Names"/>.</summary>
    private enum Member
    {
        SessionId,
        Sequence,
        Timestamp,
        Direction,
        TransportType,
        Kind,
        Method,
        Id,
        ExchangeId,
        ProtocolVersion,
        Flags,
        Metadata,
        Raw,
        RawBase64,
    }

    private struct Members()
    {
        private SessionId _sessionId;
        private long _sequence;
        private DateTimeOffset? _timestamp;
        private MessageDirection? _direction;
        private TransportType? _transportType;
        private MessageKind? _kind;
        private string? _method;
        private RequestId? _id;
        private string? _exchangeId;
        private string? _protocolVersion;
        private MessageFlags _flags;
        private FrameMetadata _metadata = FrameMetadata.None;
        private byte[]? _payload;

        public void Take(Member member, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
        {
            switch (member)
            {
                case Member.SessionId:
                    _sessionId = new SessionId(JsonValues.Text(ref reader, "session_id"));
                    break;
                case Member.Sequence:
                    _sequence = reader.GetInt64();
                    break;
                case Member.Timestamp:
                    _timestamp = JsonTime.Read(ref reader, "ts");
                    break;
                case Member.Direction:
                    _direction = JsonNames.Directions.Read(ref reader);
                    break;
                case Member.TransportType:
                    _transportType = JsonNames.Transports.Read(ref reader);
                    break;
                case Member.Kind:
                    _kind = JsonNames.Kinds.Read(ref reader);
                    break;
                case Member.Method:
                    _method = JsonValues.Text(ref reader, "method");
                    break;
                case Member.Id:
                    _id = JsonValues.Id(ref reader);
                    break;
                case Member.ExchangeId:
                    _exchangeId = JsonValues.Text(ref reader, "exchange_id");
                    break;
                case Member.ProtocolVersion:
                    _protocolVersion = JsonValues.Text(ref reader, "protocol_version");
                    break;
                case Member.Flags:
                    _flags = JsonNames.ParseFlags(JsonValues.Texts(ref reader, "flags"));
                    break;
                case Member.Metadata:
                    _metadata = JsonValues.Metadata(ref reader);
                    break;
                case Member.Raw:
                    _payload = reader.TokenType switch
                    {
                        JsonTokenType.String => Encoding.UTF8.GetBytes(reader.GetString()!),
                        JsonTokenType.StartObject or JsonTokenType.StartArray => JsonValues.Raw(ref reader, json).ToArray(),
                        _ => throw new FormatException("'raw' is an object, an array or a string"),
                    };
                    break;
                default:
                    _payload = reader.GetBytesFromBase64();
                    break;
            }
        }

        public readonly MessageEnvelope ToFrame()
        {
            var payload = _payload ?? throw Missing("raw");
            return new MessageEnvelope(
                _sessionId.IsDefault ? throw Missing("session_id") : _sessionId,
                _direction ?? throw Missing("direction"),
                _transportType ?? throw Missing("transport_type"),
                payload,
                _timestamp ?? throw Missing("ts"),
                _kind is { } kind ? new JsonRpcHeader(kind, _method, _id, _protocolVersion) : JsonRpcHeader.Read(payload))
            {
                Sequence = _sequence,
                ExchangeId = _exchangeId,
                Flags = _flags,
                Metadata = _metadata,
            };
        }

        private static FormatException Missing(string name) => new($"'{name}' is missing");
    }
}
