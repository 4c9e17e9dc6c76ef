using System.Globalization;
using System.Text.Json;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Writes what a list shows of a frame. What it does not have is left out.</summary>
internal static class FrameSummary
{
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
        json.WriteNumber("s", sequence);
        json.WriteString("bad", why);
        json.WriteEndObject();
    }

    /// <summary>The members of the object.</summary>
    public static void WriteMembers(Utf8JsonWriter json, in BorrowedFrame frame)
    {
        json.WriteNumber("s", frame.Sequence);
        json.WriteNumber("t", Milliseconds(frame.Timestamp));
        json.WriteString("d", frame.Direction switch
        {
            MessageDirection.ClientToServer => "c",
            MessageDirection.ServerToClient => "s",
            _ => "i",
        });
        json.WriteString("k", Words<MessageKind>.Of(frame.Kind));
        Text(json, "m", frame.Method);
        Text(json, "i", frame.RequestId is { } id ? JsonLiteral.Of(id) : null);
        Text(json, "x", frame.ExchangeId);
        json.WriteNumber("z", frame.Payload.Length);
        Text(json, "pv", frame.ProtocolVersion);
        WriteDetails(json, MessageReader.Read(frame.Payload, frame.Kind), frame.Kind);
        WriteTransport(json, frame.Flags, frame.Metadata);
    }

    private static void WriteDetails(Utf8JsonWriter json, in MessageDetails details, MessageKind kind)
    {
        Text(json, "n", details.Target);
        Text(json, "pt", details.ProgressToken);
        Text(json, "ri", details.CancelledId);
        Text(json, "ti", details.TaskId);
        Text(json, "rs", details.RequestState);
        Text(json, "lv", details.LogLevel);
        if (kind == MessageKind.Error)
        {
            json.WriteStartObject("e");
            Raw(json, "code", details.ErrorCode);
            Text(json, "message", details.ErrorMessage);
            json.WriteEndObject();
        }

        if (details.IsToolError)
        {
            json.WriteNumber("te", 1);
        }

        if (details.Progress is not null)
        {
            json.WriteStartArray("pr");
            json.WriteRawValue(details.Progress);
            if (details.Total is not null)
            {
                json.WriteRawValue(details.Total);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteTransport(Utf8JsonWriter json, MessageFlags flags, FrameMetadata metadata)
    {
        Number(json, "h", metadata, FrameFlags.StatusKey);
        Number(json, "g", metadata, FrameFlags.DroppedKey);
        Number(json, "rl", metadata, FrameFlags.LengthKey);
        if (metadata.TryGetValue(ExchangeEnd.Key, out var how))
        {
            json.WriteStartObject("en");
            json.WriteString("how", how);
            Text(json, "by", metadata.TryGetValue(ExchangeEnd.ByKey, out var by) ? by : null);
            json.WriteEndObject();
        }

        var isOpen = false;
        foreach (var flag in FrameFlags.Of(flags, metadata))
        {
            if (!isOpen)
            {
                json.WriteStartArray("f");
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

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Raw(Utf8JsonWriter json, string name, string? literal)
    {
        if (literal is not null)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(literal);
        }
    }

    private static void Number(Utf8JsonWriter json, string name, FrameMetadata metadata, string key)
    {
        if (metadata.TryGetValue(key, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            json.WriteNumber(name, number);
        }
    }
}
