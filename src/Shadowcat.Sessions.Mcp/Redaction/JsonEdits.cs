using System.Buffers;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Replaces parts of a text of bytes; what lies between them stays as it is.</summary>
internal sealed class JsonEdits
{
    // Most messages have nothing to replace.
    private List<(int Start, int End, byte[] Bytes)>? _edits;
    private bool _isSorted = true;

    /// <summary>Replaces the bytes from a position up to another. A part within a replaced part is ignored.</summary>
    public void Replace(long start, long end, byte[] bytes) => Add((int)start, (int)end, bytes);

    private void Add(int start, int end, byte[] bytes)
    {
        _isSorted &= _edits is not { Count: > 0 } || _edits[^1].End <= start;
        (_edits ??= []).Add((start, end, bytes));
    }

    /// <summary>The text with what replaces its parts; null where nothing does.</summary>
    public byte[]? Apply(ReadOnlySpan<byte> text)
    {
        if (_edits is null)
        {
            return null;
        }

        // What holds others comes before them.
        if (!_isSorted)
        {
            _edits.Sort(static (one, other) => one.Start != other.Start ? one.Start.CompareTo(other.Start) : other.End.CompareTo(one.End));
        }

        var edited = new ArrayBufferWriter<byte>(text.Length);
        var position = 0;
        foreach (var (start, end, bytes) in _edits)
        {
            if (start < position)
            {
                continue;
            }

            edited.Write(text[position..start]);
            edited.Write(bytes);
            position = end;
        }

        edited.Write(text[position..]);
        return edited.WrittenSpan.ToArray();
    }
}
