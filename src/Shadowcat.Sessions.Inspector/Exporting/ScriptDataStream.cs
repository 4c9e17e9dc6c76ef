using System.Buffers;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Writes JSON into a page so that nothing in it is markup: the characters that markup is made of stand in strings alone, and are escaped there.</summary>
/// <param name="destination">The page.</param>
/// <seealso href="https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements"/>
internal sealed class ScriptDataStream(Stream destination) : Stream
{
    private const int MaxGrowth = 6;
    private const int PieceBytes = 16 * 1024;

    private static readonly SearchValues<byte> Markup = SearchValues.Create("<>&"u8);

    private readonly byte[] _escaped = new byte[PieceBytes * MaxGrowth];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var piece = buffer[..Math.Min(buffer.Length, PieceBytes)];
            await destination.WriteAsync(_escaped.AsMemory(0, Escape(piece.Span)), cancellationToken).ConfigureAwait(false);
            buffer = buffer[piece.Length..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // Whoever has the destination flushes it.
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A page is written asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private int Escape(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (true)
        {
            var plain = text.IndexOfAny(Markup) is >= 0 and var place ? place : text.Length;
            text[..plain].CopyTo(_escaped.AsSpan(length));
            length += plain;
            if (plain == text.Length)
            {
                return length;
            }

            var escape = text[plain] switch
            {
                (byte)'<' => "\\u003c"u8,
                (byte)'>' => "\\u003e"u8,
                _ => "\\u0026"u8,
            };
            escape.CopyTo(_escaped.AsSpan(length));
            length += escape.Length;
            text = text[(plain + 1)..];
        }
    }
}
