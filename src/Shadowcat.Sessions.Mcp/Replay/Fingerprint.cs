using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;

namespace Shadowcat.Sessions.Mcp;

/// <summary>A hash of the <c>params</c> of a message without <c>_meta</c>, by which equal requests are found. It does not depend on the order of members and the spelling of numbers.</summary>
internal static class Fingerprint
{
    private const double GreatestExact = 1L << 53;

    /// <summary>The fingerprint of a message; 0 where it has no <c>params</c> or an empty one, null where they cannot be read.</summary>
    public static UInt128? Of(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonText.WithoutMark(message));
            return document.RootElement.TryGetProperty("params"u8, out var parameters) ? Of(parameters) : default;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static UInt128 Of(JsonElement parameters)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, parameters, isOutermost: true);
        }

        return buffer.WrittenSpan.SequenceEqual("{}"u8) ? default : XxHash128.HashToUInt128(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, bool isOutermost = false)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    if (!isOutermost || !member.NameEquals("_meta"u8))
                    {
                        writer.WritePropertyName(member.Name);
                        Write(writer, member.Value);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                {
                    Write(writer, element);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(value), skipInputValidation: true);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    /// <summary>1, 1.0 and 1e0 are one number; one that a double does not hold is its literal.</summary>
    private static string Number(JsonElement value) =>
        value.TryGetDouble(out var number) && Math.Abs(number) <= GreatestExact ? number.ToString("R", CultureInfo.InvariantCulture) : value.GetRawText();
}
