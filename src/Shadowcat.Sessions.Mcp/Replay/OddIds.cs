using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Ids that JSON-RPC allows and the SDK does not read: numbers with a fraction or an exponent.</summary>
internal static class OddIds
{
    /// <summary>An id as the SDK reads it: a number that it does not read becomes a string.</summary>
    public static (bool IsNumber, string Text) AsRead(RequestId id) =>
        id.IsNumber && long.TryParse(id.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (true, number.ToString(CultureInfo.InvariantCulture))
            : (false, id.Value);

    /// <summary>Whether the SDK does not read an id.</summary>
    public static bool IsOdd(RequestId id) => id.IsNumber && !AsRead(id).IsNumber;

    /// <summary>A message with a string in place of its id.</summary>
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
