using System.Buffers.Binary;
using System.Text;

namespace Shadowcat.Sessions.DataProtection;

/// <summary>Reads, one after the other, texts that were put together in bytes.</summary>
internal ref struct PackedTexts(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public byte ReadByte() => Take(1)[0];

    /// <summary>Reads a text behind its length, which is 4 bytes, little-endian.</summary>
    public string ReadText() => Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)))));

    public readonly string ReadRest() => Encoding.UTF8.GetString(_rest);

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
