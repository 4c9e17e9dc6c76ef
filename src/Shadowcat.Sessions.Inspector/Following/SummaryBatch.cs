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
    /// <returns>The frame to go on at.</returns>
    public async ValueTask<long> FillAsync(ISessionStore store, SessionId id, long start, CancellationToken cancellationToken)
    {
        try
        {
            _json.WriteStartArray();
            var next = await new FrameReading(store, id, start, MaxCount, MaxBytes).WriteAsync(_json, cancellationToken).ConfigureAwait(false);
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

    /// <summary>The summaries as an array, valid until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        _json.WriteEndArray();
        _json.Flush();
        return _body.WrittenMemory;
    }

    public void Clear()
    {
        Count = 0;
        _body.ResetWrittenCount();
        _json.Reset();
    }

    public void Dispose() => _json.Dispose();

    private void Begin()
    {
        if (Count++ == 0)
        {
            _json.WriteStartArray();
        }
    }
}
