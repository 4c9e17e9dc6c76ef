using System.Buffers;
using System.Globalization;
using MessagePack;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What the application owns of a stored session, with one element of it replaced.</summary>
internal static class DamagedPart
{
    private static readonly string[] Elements =
        ["transport", "status", "state", "boundary", "client", "server", "versions", "tags", "owner", "alias", "correlation", "reason"];

    /// <summary>Replaces an element.</summary>
    /// <param name="packed">What is stored.</param>
    /// <param name="element">The name of the element.</param>
    /// <param name="value">A whole number, or any text; null for nil.</param>
    public static byte[] Of(byte[] packed, string element, string? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        var reader = new MessagePackReader(packed);
        writer.WriteArrayHeader(reader.ReadArrayHeader());
        foreach (var name in Elements)
        {
            var stored = reader.ReadRaw();
            if (name != element)
            {
                writer.WriteRaw(stored);
            }
            else if (long.TryParse(value, CultureInfo.InvariantCulture, out var number))
            {
                writer.Write(number);
            }
            else
            {
                writer.Write(value);
            }
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
