using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Writes frames with their payloads into a page, in blocks that a browser reads one by one.</summary>
/// <param name="page">The page.</param>
internal sealed class FrameBlocks(Stream page) : IDisposable
{
    /// <summary>What would be escaped for markup is escaped by the stream; the rest stays as short as it can be.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private const int FramesOfBlock = 1000;
    private const long BytesOfBlock = 8 * 1024 * 1024;
    private const int PieceBytes = 48 * 1024;

    private static readonly byte[] Begin = Encoding.UTF8.GetBytes("<script type=\"application/json\" class=\"recording-frames\">");
    private static readonly byte[] End = Encoding.UTF8.GetBytes("</script>\n");

    private readonly ScriptDataStream _data = new(page);
    private Utf8JsonWriter? _block;
    private int _frames;
    private long _bytes;

    /// <summary>How many frames were written.</summary>
    public long Count { get; private set; }

    public async ValueTask AddAsync(MessageEnvelope frame, CancellationToken cancellationToken)
    {
        var block = await NextAsync(frame.Payload.Length, cancellationToken).ConfigureAwait(false);
        block.WriteStartObject();
        FrameSummary.WriteMembers(block, new BorrowedFrame(frame));
        if (frame.Metadata.Count > 0)
        {
            FrameMetadataJson.Write(block, frame.Metadata);
        }

        await WritePayloadAsync(block, frame.Payload, cancellationToken).ConfigureAwait(false);
        block.WriteEndObject();
    }

    public async ValueTask AddUnreadableAsync(long sequence, string why, CancellationToken cancellationToken) =>
        FrameSummary.WriteUnreadable(await NextAsync(0, cancellationToken).ConfigureAwait(false), sequence, why);

    /// <summary>Ends the last block.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (_block is not { } block)
        {
            return;
        }

        block.WriteEndArray();
        await block.DisposeAsync().ConfigureAwait(false);
        await page.WriteAsync(End, cancellationToken).ConfigureAwait(false);
        (_block, _frames, _bytes) = (null, 0, 0);
    }

    /// <summary>Gives up a block that was not ended: what of it is not written yet never will be.</summary>
    public void Dispose()
    {
        _block?.Reset();
        _block?.Dispose();
        _data.Dispose();
    }

    private async ValueTask<Utf8JsonWriter> NextAsync(int bytes, CancellationToken cancellationToken)
    {
        if (_frames == FramesOfBlock || _bytes > BytesOfBlock)
        {
            await EndAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_block is null)
        {
            await page.WriteAsync(Begin, cancellationToken).ConfigureAwait(false);
            _block = new Utf8JsonWriter(_data, Options);
            _block.WriteStartArray();
        }
        else if (_block.BytesPending > PieceBytes)
        {
            await _block.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        (_frames, _bytes) = (_frames + 1, _bytes + bytes);
        Count++;
        return _block;
    }

    /// <summary>The payload as text, or in base64 where it is none; piece by piece, as it may be large.</summary>
    private static async ValueTask WritePayloadAsync(Utf8JsonWriter block, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var isText = Utf8.IsValid(payload.Span);
        block.WritePropertyName(isText ? "p" : "b64");
        do
        {
            var piece = payload[..Math.Min(payload.Length, PieceBytes)];
            payload = payload[piece.Length..];
            if (isText)
            {
                block.WriteStringValueSegment(piece.Span, isFinalSegment: payload.IsEmpty);
            }
            else
            {
                block.WriteBase64StringSegment(piece.Span, isFinalSegment: payload.IsEmpty);
            }

            if (block.BytesPending > PieceBytes)
            {
                await block.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        while (!payload.IsEmpty);
    }
}
