using System.Text.Json;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Writes what the transport said beside a message: headers of HTTP, and the rest.</summary>
internal static class FrameMetadataJson
{
    public static void Write(Utf8JsonWriter json, FrameMetadata metadata)
    {
        json.WriteStartObject("metadata");
        foreach (var (name, value) in metadata.Where(static entry => !IsHeader(entry.Key)))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteStartObject("headers");
        foreach (var (name, value) in metadata.Where(static entry => IsHeader(entry.Key)))
        {
            json.WriteString(name[FrameFlags.HeaderPrefix.Length..], value);
        }

        json.WriteEndObject();
    }

    private static bool IsHeader(string key) => key.StartsWith(FrameFlags.HeaderPrefix, StringComparison.Ordinal);
}
