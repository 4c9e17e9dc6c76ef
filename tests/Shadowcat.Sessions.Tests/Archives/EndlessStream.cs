namespace Shadowcat.Sessions.Tests.Archives;

/// <summary>A line that begins in some way and then repeats itself.</summary>
internal sealed class EndlessStream(byte[] beginning, byte[] then, long length) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        count = (int)Math.Min(count, length - Position);
        for (var i = 0; i < count; i++, Position++)
        {
            buffer[offset + i] = Position < beginning.Length ? beginning[Position] : then[(Position - beginning.Length) % then.Length];
        }

        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
