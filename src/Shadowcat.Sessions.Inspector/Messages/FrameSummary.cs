using System.Globalization;
using System.Text.Json;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Writes what a list shows of a frame. What it does not have is left out.</summary>
internal static class FrameSummary
{
    private const int MaxExactDigits = 15;

    /// <summary>A frame, as an object.</summary>
    public static void Write(Utf8JsonWriter json, in BorrowedFrame frame)
    {
        json.WriteStartObject();
        WriteMembers(json, frame);
        json.WriteEndObject();
    }

    /// <summary>A frame that cannot be read.</summary>
    public static void WriteUnreadable(Utf8JsonWriter json, long sequence, string why)
    {
        json.WriteStartObject();
        json.WriteNumber("s"u8, sequence);
        json.WriteString("bad"u8, why);
        json.WriteEndObject();
    }

    /// <summary>The members of the object.</summary>
    public static void WriteMembers(Utf8JsonWriter json, in BorrowedFrame frame)
    {
        json.WriteNumber("s"u8, frame.Sequence);
        json.WriteNumber("t"u8, Milliseconds(frame.Timestamp));
        json.WriteString("d"u8, frame.Direction switch
        {
            MessageDirection.ClientToServer => "c"u8,
            MessageDirection.ServerToClient => "s"u8,
            _ => "i"u8,
        });
        json.WriteString("k"u8, Words<MessageKind>.Of(frame.Kind));
        Text(json, "m"u8, frame.Method);
        Text(json, "i"u8, frame.RequestId is { } id ? JsonLiteral.Of(id) : null);
        Text(json, "x"u8, frame.ExchangeId);
        json.WriteNumber("z"u8, frame.Payload.Length);
        Text(json, "pv"u8, frame.ProtocolVersion);
        WriteDetails(json, MessageReader.Read(frame.Payload, frame.Kind), frame.Kind);
        WriteTransport(json, frame.Flags, frame.Metadata);
    }

    private static void WriteDetails(Utf8JsonWriter json, in MessageDetails details, MessageKind kind)
    {
        Text(json, "n"u8, details.Target);
        Text(json, "pt"u8, details.ProgressToken);
        Text(json, "ri"u8, details.CancelledId);
        Text(json, "ti"u8, details.TaskId);
        Text(json, "rs"u8, details.RequestState);
        Text(json, "lv"u8, details.LogLevel);
        if (kind == MessageKind.Error)
        {
            json.WriteStartObject("e"u8);
            if (details.ErrorCode is { } code)
            {
                json.WritePropertyName("code"u8);
                Number(json, code);
            }

            Text(json, "message"u8, details.ErrorMessage);
            json.WriteEndObject();
        }

        if (details.IsToolError)
        {
            json.WriteNumber("te"u8, 1);
        }

        if (details.Progress is not null)
        {
            json.WriteStartArray("pr"u8);
            Number(json, details.Progress);
            if (details.Total is not null)
            {
                Number(json, details.Total);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteTransport(Utf8JsonWriter json, MessageFlags flags, FrameMetadata metadata)
    {
        Number(json, "h"u8, metadata, FrameFlags.StatusKey);
        Number(json, "g"u8, metadata, FrameFlags.DroppedKey);
        Number(json, "rl"u8, metadata, FrameFlags.LengthKey);
        if (metadata.TryGetValue(ExchangeEnd.Key, out var how))
        {
            json.WriteStartObject("en"u8);
            json.WriteString("how"u8, how);
            Text(json, "by"u8, metadata.TryGetValue(ExchangeEnd.ByKey, out var by) ? by : null);
            json.WriteEndObject();
        }

        var isOpen = false;
        foreach (var flag in FrameFlags.Of(flags, metadata))
        {
            if (!isOpen)
            {
                json.WriteStartArray("f"u8);
                isOpen = true;
            }

            json.WriteStringValue(flag);
        }

        if (isOpen)
        {
            json.WriteEndArray();
        }
    }

    /// <summary>With the fractions that a frame has: its time is exact to 100 ns.</summary>
    private static decimal Milliseconds(DateTimeOffset time) => (decimal)(time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>A number as it was written: as text where a browser would read another one, for it has doubles only.</summary>
    private static void Number(Utf8JsonWriter json, string literal)
    {
        if (literal.Length <= MaxExactDigits && double.IsFinite(double.Parse(literal, NumberStyles.Float, CultureInfo.InvariantCulture)))
        {
            json.WriteRawValue(literal);
        }
        else
        {
            json.WriteStringValue(literal);
        }
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, FrameMetadata metadata, string key)
    {
        if (metadata.TryGetValue(key, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            json.WriteNumber(name, number);
        }
    }
}
