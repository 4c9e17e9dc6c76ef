namespace Shadowcat.Sessions;

/// <summary>Reads a stream line by line; holds one line at a time.</summary>
internal sealed class LineReader(Stream source)
{
    private const int UsualBytes = 64 * 1024;

    private byte[] _buffer = new byte[UsualBytes];
    private int _start;
    private int _end;

    /// <summary>Where in the stream the line that was read last ended, counted from where the reading began.</summary>
    public long Offset { get; private set; }

    /// <summary>What came behind the last line break.</summary>
    public ReadOnlySpan<byte> Rest => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Reads a line, without its line break; null where no further line is complete.</summary>
    /// <remarks>What is returned is good until the next call.</remarks>
    /// <exception cref="FormatException">A line is longer than any archive has.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        var searched = _start;
        while (true)
        {
            if (_buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n') is var length and >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + length - _start);
                _start += line.Length + 1;
                Offset += line.Length + 1;
                return line;
            }

            searched = MakeRoom();
            var read = await source.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return null;
            }

            _end += read;
        }
    }

    /// <summary>Moves what is left to the beginning, and takes more memory where that is not enough, or less where it was only one line's.</summary>
    /// <returns>Up to where there is no line break.</returns>
    private int MakeRoom()
    {
        var left = _end - _start;
        if (left > ArchiveFormat.MaxLineBytes)
        {
            throw new FormatException($"the line is longer than {ArchiveFormat.MaxLineBytes} bytes");
        }

        var size = left == _buffer.Length ? Math.Min(_buffer.Length * 2, ArchiveFormat.MaxLineBytes + 1)
            : left < UsualBytes / 2 ? UsualBytes
            : _buffer.Length;
        if (_start > 0 || size != _buffer.Length)
        {
            var buffer = size == _buffer.Length ? _buffer : new byte[size];
            Rest.CopyTo(buffer);
            (_buffer, _start, _end) = (buffer, 0, left);
        }

        return left;
    }
}
