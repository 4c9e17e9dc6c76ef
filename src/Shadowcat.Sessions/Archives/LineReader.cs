using System.Buffers;

namespace Shadowcat.Sessions;

/// <summary>Reads a stream line by line; holds one line at a time, in pieces, so that a long one is never copied to a larger buffer.</summary>
/// <param name="source">Where from.</param>
/// <param name="maxLineBytes">The longest line.</param>
internal sealed class LineReader(Stream source, long maxLineBytes)
{
    private const int UsualBytes = 64 * 1024;
    private const int PieceBytes = 1024 * 1024;

    /// <summary>The pieces of the line that are full.</summary>
    private readonly List<byte[]> _full = [];

    private byte[] _buffer = new byte[UsualBytes];
    private int _start;
    private int _end;

    /// <summary>Where in the stream the line that was read last ended, counted from where the reading began.</summary>
    public long Offset { get; private set; }

    /// <summary>What came behind the last line break; of more than one piece, the first.</summary>
    public ReadOnlySpan<byte> Rest => _full.Count > 0 ? _full[0] : _buffer.AsSpan(_start, _end - _start);

    /// <summary>Reads a line, without its line break; null where no further line is complete.</summary>
    /// <remarks>What is returned is good until the next call.</remarks>
    /// <exception cref="FormatException">A line is longer than is read.</exception>
    public async ValueTask<ReadOnlySequence<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        var before = 0L;
        var searched = _start;
        while (true)
        {
            var length = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            var end = length < 0 ? _end : searched + length;
            if (before + end - _start > maxLineBytes)
            {
                throw new FormatException($"the line is longer than {maxLineBytes} bytes, which is what a frame takes that the store takes");
            }

            if (length >= 0)
            {
                var line = LineUpTo(end);
                (_start, Offset) = (end + 1, Offset + line.Length + 1);
                _full.Clear();
                return line;
            }

            before += MakeRoom();
            searched = _end;
            var read = await source.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return null;
            }

            _end += read;
        }
    }

    /// <summary>Moves what is left to the beginning, or begins another piece where the line fills this one.</summary>
    /// <returns>How many bytes of the line are in a piece that is full now.</returns>
    private int MakeRoom()
    {
        var left = _end - _start;
        if (left == _buffer.Length)
        {
            _full.Add(_buffer);
            (_buffer, _start, _end) = (new byte[PieceBytes], 0, 0);
            return left;
        }

        if (_start > 0)
        {
            // A piece that only a long line needed is not kept.
            var buffer = _full.Count == 0 && left < UsualBytes / 2 && _buffer.Length > UsualBytes ? new byte[UsualBytes] : _buffer;
            _buffer.AsSpan(_start, left).CopyTo(buffer);
            (_buffer, _start, _end) = (buffer, 0, left);
        }

        return 0;
    }

    private ReadOnlySequence<byte> LineUpTo(int end)
    {
        if (_full.Count == 0)
        {
            return new ReadOnlySequence<byte>(_buffer, _start, end - _start);
        }

        var first = new Piece(_full[0], previous: null);
        var last = new Piece(_buffer.AsMemory(0, end), _full.Skip(1).Aggregate(first, (previous, piece) => new Piece(piece, previous)));
        return new ReadOnlySequence<byte>(first, 0, last, end);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
