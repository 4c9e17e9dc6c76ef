using System.Buffers;
using System.Text.Json;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Summaries that are sent together.</summary>
internal sealed class SummaryBatch : IDisposable
{
    /// <summary>How many there are at most.</summary>
    public const int MaxCount = 500;

    /// <summary>How much of payload is looked at for one batch: large messages make it shorter.</summary>
    private const long MaxBytes = 16 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly Utf8JsonWriter _json;

    public SummaryBatch() => _json = new Utf8JsonWriter(_body, JsonAnswer.Options);

    public int Count { get; private set; }

    public bool IsFull => Count >= MaxCount;

    public void Add(MessageEnvelope frame)
    {
        Begin();
        FrameSummary.Write(_json, new BorrowedFrame(frame));
    }

    public void AddUnreadable(long sequence, string why)
    {
        Begin();
        FrameSummary.WriteUnreadable(_json, sequence, why);
    }

    /// <summary>Fills an empty batch with frames that are stored already. They are read in bulk and not copied.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="id">Their session.</param>
    /// <param name="start">The first of them.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The frame to go on at.</returns>
    public async ValueTask<long> FillAsync(ISessionStore store, SessionId id, long start, int count, CancellationToken cancellationToken)
    {
        try
        {
            _json.WriteStartArray();
            var next = await new FrameReading(store, id, start, count, MaxBytes).WriteAsync(_json, cancellationToken).ConfigureAwait(false);
            Count = (int)(next - start);
            return next;
        }
        finally
        {
            if (Count == 0)
            {
                // Nothing was there, or the reading failed midway and begins anew.
                Clear();
            }
        }
    }

    /// <summary>Takes the summaries out of the batch, as an array.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        _json.WriteEndArray();
        _json.Flush();
        var summaries = _body.WrittenSpan.ToArray();
        Clear();
        return summaries;
    }

    public void Dispose() => _json.Dispose();

    private void Clear()
    {
        Count = 0;
        _body.ResetWrittenCount();
        _json.Reset();
    }

    private void Begin()
    {
        if (Count++ == 0)
        {
            _json.WriteStartArray();
        }
    }
}
