using System.Globalization;
using System.Text.Json;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Reads the method and the id of a message from the beginning that is left of it.</summary>
internal static class CutHeader
{
    private const int MaxTextBytes = 1024;

    /// <summary>Fills in the header of a frame whose payload is cut off.</summary>
    public static MessageEnvelope Complete(MessageEnvelope frame)
    {
        if (frame.Kind != MessageKind.Unparsed || (frame.Flags & MessageFlags.Truncated) == 0 || frame.Payload.IsEmpty)
        {
            return frame;
        }

        var header = new Members();
        var reader = new Utf8JsonReader(JsonText.WithoutMark(frame.Payload).Span, isFinalBlock: false, state: default);
        try
        {
            Read(ref reader, ref header);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // What was read so far counts.
        }

        return header.Method is null && header.Id is null ? frame : frame with
        {
            Kind = header.Kind,
            Method = header.Method,
            RequestId = header.Id,
            ProtocolVersion = header.Version,
        };
    }

    private static void Read(ref Utf8JsonReader reader, ref Members members)
    {
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var depth = reader.CurrentDepth;
            var isMethod = depth == 1 && reader.ValueTextEquals("method"u8);
            var isId = depth == 1 && reader.ValueTextEquals("id"u8);
            var isVersion = reader.ValueTextEquals("protocolVersion"u8) && depth == 2;
            members.IsAnswer |= depth == 1 && reader.ValueTextEquals("result"u8);
            members.IsError |= depth == 1 && reader.ValueTextEquals("error"u8);
            if (!reader.Read())
            {
                return;
            }

            if (isMethod)
            {
                members.Method = Text(ref reader, MaxTextBytes);
            }
            else if (isId)
            {
                members.Id = Id(ref reader);
            }
            else if (isVersion)
            {
                members.Version = Text(ref reader, VersionState.MaxVersionLength);
            }
        }
    }

    private static string? Text(ref Utf8JsonReader reader, int maxBytes) =>
        reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= maxBytes && reader.GetString() is { Length: > 0 } text && !text.Any(char.IsControl) ? text : null;

    private static RequestId? Id(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String when reader.ValueSpan.Length <= MaxTextBytes => RequestId.FromString(reader.GetString()!),

        // A number in another spelling is left out: it would be written as other bytes.
        JsonTokenType.Number when reader.TryGetInt64(out var number) && IsUsual(reader.ValueSpan, number) => RequestId.FromNumber(number),
        _ => null,
    };

    private static bool IsUsual(ReadOnlySpan<byte> literal, long number)
    {
        Span<byte> usual = stackalloc byte[20];
        return number.TryFormat(usual, out var length, provider: CultureInfo.InvariantCulture) && literal.SequenceEqual(usual[..length]);
    }

    private struct Members
    {
        public string? Method;
        public RequestId? Id;
        public string? Version;
        public bool IsAnswer;
        public bool IsError;

        public readonly MessageKind Kind => (Method, Id, IsAnswer, IsError) switch
        {
            (not null, not null, false, false) => MessageKind.Request,

            // An id may have followed, but without it no answer can be matched.
            (not null, null, false, false) => MessageKind.Notification,
            (null, not null, true, false) => MessageKind.Response,
            (null, not null, false, true) => MessageKind.Error,
            _ => MessageKind.Unparsed,
        };
    }
}
