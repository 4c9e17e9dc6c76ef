using System.Buffers;
using System.Text.Json;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Summaries that are sent together.</summary>
internal sealed class SummaryBatch : IDisposable
{
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly Utf8JsonWriter _json;

    public SummaryBatch() => _json = new Utf8JsonWriter(_body, JsonAnswer.Options);

    public int Count { get; private set; }

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
