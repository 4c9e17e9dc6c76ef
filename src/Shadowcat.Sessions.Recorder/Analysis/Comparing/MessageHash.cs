using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>A hash of what is compared of messages: equal for messages that differ in the order of members, the spelling of numbers and ignored parts only.</summary>
/// <param name="ignored">The parts that are left out.</param>
internal sealed class MessageHash(IgnoredPaths ignored)
{
    private const double GreatestExact = 1L << 53;

    private static readonly string[] Parts = ["params", "result", "error"];

    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>The hash of a message; of its bytes where it is none.</summary>
    public UInt128 Of(MessageEnvelope frame)
    {
        _buffer.Clear();
        if (frame.Kind == MessageKind.Unparsed || !TryWrite(frame.Payload))
        {
            _buffer.Clear();
            _buffer.Write(frame.Payload.Span);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_buffer.WrittenSpan, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private bool TryWrite(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = MessageDocument.Parse(payload);
            using var writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
            writer.WriteStartObject();
            foreach (var part in Parts)
            {
                if (document.RootElement.TryGetProperty(part, out var value))
                {
                    writer.WritePropertyName(part);
                    Write(writer, value, ignored.Member(part));
                }
            }

            writer.WriteEndObject();
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // It was cut off, or holds a text that is no Unicode.
            return false;
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, IgnoredPaths? below)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal))
                {
                    if (below?.Member(member.Name) is not { IsIgnored: true })
                    {
                        writer.WritePropertyName(member.Name);
                        Write(writer, member.Value, below?.Member(member.Name));
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                var index = 0;
                foreach (var element in value.EnumerateArray())
                {
                    var path = below?.Element(index++);
                    if (path is not { IsIgnored: true })
                    {
                        Write(writer, element, path);
                    }
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
