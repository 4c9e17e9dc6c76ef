using System.Buffers;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Replaces parts of a text of bytes; what lies between them stays as it is.</summary>
internal sealed class JsonEdits
{
    // Most messages have nothing to replace.
    private List<(int Start, int End, byte[] Bytes)>? _edits;

    /// <summary>Replaces the bytes from a position up to another, behind those replaced before.</summary>
    public void Replace(long start, long end, byte[] bytes) => (_edits ??= []).Add(((int)start, (int)end, bytes));

    /// <summary>The text with what replaces its parts; null where nothing does.</summary>
    public byte[]? Apply(ReadOnlySpan<byte> text)
    {
        if (_edits is null)
        {
            return null;
        }

        var edited = new ArrayBufferWriter<byte>(text.Length);
        var position = 0;
        foreach (var (start, end, bytes) in _edits)
        {
            edited.Write(text[position..start]);
            edited.Write(bytes);
            position = end;
        }

        edited.Write(text[position..]);
        return edited.WrittenSpan.ToArray();
    }
}
