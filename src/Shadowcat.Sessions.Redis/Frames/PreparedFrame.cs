namespace Shadowcat.Sessions.Redis;

/// <summary>A frame that is about to be written: what comes before its payload, and how long the whole is.</summary>
internal readonly ref struct PreparedFrame(ReadOnlySpan<byte> header, int length)
{
    private readonly ReadOnlySpan<byte> _header = header;

    public void Deconstruct(out ReadOnlySpan<byte> header, out int total)
    {
        header = _header;
        total = length;
    }
}
