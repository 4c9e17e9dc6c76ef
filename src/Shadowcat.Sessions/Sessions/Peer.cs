using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>What a peer says it is: the <c>Implementation</c> object of MCP, kept verbatim.</summary>
/// <seealso href="https://modelcontextprotocol.io/specification/2025-11-25/schema#implementation"/>
[JsonConverter(typeof(SessionsJsonConverter))]
public sealed record Peer
{
    /// <summary>The greatest size of the JSON, in bytes of UTF-8.</summary>
    public const int MaxJsonBytes = 64 * 1024;

    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 32 };

    private Peer(string json, JsonElement implementation)
    {
        Json = json;
        Name = Text(implementation, "name") ?? "";
        Version = Text(implementation, "version") ?? "";
        Title = Text(implementation, "title");
    }

    /// <summary>The programmatic name; empty where the peer gave none.</summary>
    public string Name { get; }

    /// <summary>The version of the implementation; empty where the peer gave none.</summary>
    public string Version { get; }

    /// <summary>The name for people, where the peer gave one.</summary>
    public string? Title { get; }

    /// <summary>The JSON object exactly as the peer sent it, with all its members.</summary>
    public string Json { get; }

    /// <summary>Takes what a peer sent.</summary>
    /// <param name="json">A JSON object of at most 64 KiB, at most 32 levels deep.</param>
    /// <exception cref="ArgumentException"><paramref name="json"/> is null, too large, too deep, not JSON, no object, or has an unpaired surrogate where it is read.</exception>
    public static Peer Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var bytes = Encoding.UTF8.GetByteCount(json);
        if (bytes > MaxJsonBytes)
        {
            throw new ArgumentException($"A peer's JSON has at most {MaxJsonBytes} bytes; this one has {bytes}.", nameof(json));
        }

        StoredText.CheckEncodable(json, MaxJsonBytes, "A peer's JSON", nameof(json));
        try
        {
            using var document = JsonDocument.Parse(json, Bounded);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new Peer(json, document.RootElement)
                : throw new ArgumentException($"A peer's JSON is an object; this is {document.RootElement.ValueKind}.", nameof(json));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter is how a document answers a name or version with an escaped half of a surrogate pair.
            throw new ArgumentException("A peer's JSON could not be read: " + exception.Message, nameof(json), exception);
        }
    }

    /// <summary>Describes a peer from its parts.</summary>
    /// <param name="name">The programmatic name.</param>
    /// <param name="version">The version of the implementation.</param>
    /// <param name="title">The name for people; null leaves it out.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> or <paramref name="version"/> is null.</exception>
    public static Peer Create(string name, string version, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(version);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("version", version);
            if (title is not null)
            {
                writer.WriteString("title", title);
            }

            writer.WriteEndObject();
        }

        return Parse(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static string? Text(JsonElement implementation, string name) =>
        implementation.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
