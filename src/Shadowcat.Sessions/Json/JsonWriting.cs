using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>Writes the small parts of the model as JSON, as <see cref="JsonValues"/> reads them.</summary>
internal static class JsonWriting
{
    public static void Write(Utf8JsonWriter writer, Peer peer)
    {
        if (peer.Json is ['{', .., '}'])
        {
            // It was checked when the peer was made, and stays as it came.
            writer.WriteRawValue(peer.Json, skipInputValidation: true);
        }
        else
        {
            writer.WriteStringValue(peer.Json);
        }
    }

    public static void Write(Utf8JsonWriter writer, VersionState versions)
    {
        writer.WriteStartObject();
        WriteVersion(writer, "requested"u8, versions.Requested);
        WriteVersion(writer, "negotiated"u8, versions.Negotiated);
        WriteVersion(writer, "transport_header"u8, versions.TransportHeader);
        writer.WriteStartArray("attempts"u8);
        foreach (var attempt in versions.Attempts)
        {
            Write(writer, attempt);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, VersionAttempt attempt) =>
        WriteTexts(writer, attempt.Answered is { } answered ? [attempt.Requested, answered] : [attempt.Requested]);

    public static void Write(Utf8JsonWriter writer, SessionTags tags)
    {
        writer.WriteStartArray();
        foreach (var tag in tags)
        {
            writer.WriteStringValue(tag.Value);
        }

        writer.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter writer, SessionAttributes attributes)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in attributes)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, FrameMetadata metadata)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, SessionOwner owner) => WriteTexts(writer, [owner.ClaimType, owner.Value, owner.Issuer]);

    public static void Write(Utf8JsonWriter writer, RequestId id)
    {
        if (id.IsNumber)
        {
            writer.WriteRawValue(id.Value, skipInputValidation: true);
        }
        else
        {
            writer.WriteStringValue(id.Value);
        }
    }

    public static void Write(Utf8JsonWriter writer, MessageFlags flags) => WriteTexts(writer, JsonNames.Of(flags));

    private static void WriteTexts(Utf8JsonWriter writer, IEnumerable<string> texts)
    {
        writer.WriteStartArray();
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static void WriteVersion(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? version)
    {
        if (version is not null)
        {
            writer.WriteString(name, version);
        }
    }
}
