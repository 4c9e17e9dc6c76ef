using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ProtocolRequestId = ModelContextProtocol.Protocol.RequestId;

namespace Shadowcat.Sessions.Recorder.Replaying;

/// <summary>Gives the requests of a client ids that the SDK reads, and their answers the ids back as the client wrote them: <c>1.0</c> and <c>1e3</c> are ids too.</summary>
internal sealed class CallerIds
{
    private readonly ConcurrentDictionary<string, string> _literals = new(StringComparer.Ordinal);
    private int _last;

    /// <summary>Reads a message of the client.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public JsonRpcMessage? Read(string line)
    {
        // A byte order mark is no part of the message.
        using var document = JsonDocument.Parse(line.TrimStart('\uFEFF'));
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("method"u8, out _)
            || !document.RootElement.TryGetProperty("id"u8, out var id)
            || id.ValueKind is not (JsonValueKind.Number or JsonValueKind.String))
        {
            return document.RootElement.Deserialize<JsonRpcMessage>(McpJsonUtilities.DefaultOptions);
        }

        var own = Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);
        _literals[own] = id.GetRawText();
        return JsonSerializer.Deserialize<JsonRpcMessage>(WithId(document.RootElement, $"\"{own}\""), McpJsonUtilities.DefaultOptions);
    }

    /// <summary>Writes a message to the client.</summary>
    public byte[] Write(JsonRpcMessage message)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message, McpJsonUtilities.DefaultOptions);
        if (message is not (JsonRpcResponse or JsonRpcError) || message is not JsonRpcMessageWithId { Id: var id } || !_literals.TryRemove(IdText(id), out var literal))
        {
            return bytes;
        }

        using var document = JsonDocument.Parse(bytes);
        return WithId(document.RootElement, literal);
    }

    private static string IdText(ProtocolRequestId id) => id.ToString();

    private static byte[] WithId(JsonElement message, string literal)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true, Encoder = McpJsonUtilities.DefaultOptions.Encoder }))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("id"u8);
            writer.WriteRawValue(literal, skipInputValidation: true);
            foreach (var member in message.EnumerateObject().Where(member => !member.NameEquals("id"u8)))
            {
                member.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
