namespace Shadowcat.Sessions;

/// <summary>An archive that went through an editor, or over a channel for texts: without the byte order mark before it and the carriage returns in its line breaks.</summary>
/// <remarks>No archive has either of itself: a carriage return within a text is escaped.</remarks>
/// <param name="source">Where from. It is the caller's to dispose of.</param>
internal sealed class EditedArchive(Stream source) : Stream
{
    private const byte CarriageReturn = (byte)'\r';

    private int _markBytes;
    private bool _hasBegun;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        int kept;
        do
        {
            read = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            kept = Keep(buffer.Span[..read]);
        }
        while (read > 0 && kept == 0);

        return kept;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("An archive is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Moves what is kept of some bytes to their beginning.</summary>
    private int Keep(Span<byte> bytes)
    {
        var kept = 0;
        foreach (var next in bytes)
        {
            if (!_hasBegun && _markBytes < Mark.Length && next == Mark[_markBytes])
            {
                _markBytes++;
                continue;
            }

            _hasBegun = true;
            if (next != CarriageReturn)
            {
                bytes[kept++] = next;
            }
        }

        return kept;
    }
}
