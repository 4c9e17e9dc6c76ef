namespace Shadowcat.Sessions.TestKit;

/// <summary>A stream that can only be read or written, and fails after so many bytes, as if the process were killed there.</summary>
internal sealed class CutStream(Stream inner, long bytes) : Stream
{
    private long _left = bytes;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Take(count));

    public override void Write(byte[] buffer, int offset, int count)
    {
        var taken = (int)Math.Min(count, _left);
        inner.Write(buffer, offset, taken);
        _left -= taken;
        if (taken < count)
        {
            throw new IOException("killed");
        }
    }

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private int Take(int count)
    {
        if (_left == 0)
        {
            throw new IOException("killed");
        }

        var taken = (int)Math.Min(count, _left);
        _left -= taken;
        return taken;
    }
}
