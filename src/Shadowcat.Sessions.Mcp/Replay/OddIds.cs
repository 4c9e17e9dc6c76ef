using System.Buffers;
using System.Text.Json;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Ids that JSON-RPC allows and the SDK does not read: numbers that are not whole, or are not written as one.</summary>
internal static class OddIds
{
    /// <summary>A message with a text in the place of its id.</summary>
    public static ReadOnlyMemory<byte> WithTextId(ReadOnlyMemory<byte> message, string id)
    {
        using var document = JsonDocument.Parse(message);
        var buffer = new ArrayBufferWriter<byte>(message.Length);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject().Where(member => !member.NameEquals("id"u8)))
            {
                member.WriteTo(writer);
            }

            writer.WriteString("id"u8, id);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
