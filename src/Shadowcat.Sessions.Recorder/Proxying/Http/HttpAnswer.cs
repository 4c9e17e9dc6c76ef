using System.Buffers;

namespace Shadowcat.Sessions.Recorder.Proxying.Http;

/// <summary>Reads the messages in the body of a response while it is handed on.</summary>
internal sealed class HttpAnswer
{
    private const int MaxMessageBytes = 64 * 1024 * 1024;

    private readonly HttpExchange _exchange;
    private readonly SseSplitter? _events;
    private readonly ArrayBufferWriter<byte> _body = new();
    private long _length;
    private bool _isComplete;

    public HttpAnswer(HttpExchange exchange, bool isStream, Func<bool> isUndelivered)
    {
        _exchange = exchange;
        _events = isStream ? new SseSplitter(MaxMessageBytes, message => exchange.Observe(message, isUndelivered())) : null;
    }

    /// <summary>Takes the next bytes, before they are handed on.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_events is not null)
        {
            _events.Add(bytes);
            return;
        }

        _length += bytes.Length;
        _body.Write(bytes[..Math.Min(bytes.Length, MaxMessageBytes - _body.WrittenCount)]);
    }

    /// <summary>Says that the body is whole. To be called before its last byte is handed on: the client may go on as soon as it has that.</summary>
    public void Complete()
    {
        if (_isComplete)
        {
            return;
        }

        _isComplete = true;
        if (_events is not null)
        {
            _exchange.StreamEnded(_events.Complete());
        }
        else
        {
            _exchange.ObserveAnswer(_body.WrittenMemory, _length);
        }
    }

    /// <summary>Says that nothing further comes, though it is not whole.</summary>
    /// <param name="how">As <see cref="HttpExchange.Finish"/> takes it.</param>
    /// <param name="by">Who ended it.</param>
    public void Break(string? how, string by)
    {
        if (_events is null)
        {
            _exchange.Finish(how, by, _body.WrittenMemory, _length);
        }
        else
        {
            var cut = _events.Complete();
            _exchange.Finish(how, by, cut?.Data ?? default, cut?.Length ?? 0);
        }
    }
}
