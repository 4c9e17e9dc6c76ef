using System.Buffers;
using System.Text;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Proxying.Http;

/// <summary>Cuts a stream of server-sent events into events: a message of Streamable HTTP is the data of one.</summary>
/// <param name="maxEventBytes">How much of an event's data is kept; the rest is only counted.</param>
/// <param name="onEvent">Takes each event that has data. It must not wait: the bytes are on their way.</param>
/// <seealso href="https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation"/>
internal sealed class SseSplitter(int maxEventBytes, Action<SseMessage> onEvent)
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private readonly ArrayBufferWriter<byte> _line = new();
    private ArrayBufferWriter<byte> _data = new();
    private long _lineLength;
    private long _dataLength;
    private bool _hasData;
    private bool _wasCarriageReturn;
    private bool _hasBegun;
    private string? _id;
    private string? _type;

    /// <summary>Takes the next bytes of the stream, which may hold any part of any number of events.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_wasCarriageReturn && bytes[0] == LineFeed)
            {
                // The second half of a line's end.
                bytes = bytes[1..];
                _wasCarriageReturn = false;
                continue;
            }

            var end = bytes.IndexOfAny(LineFeed, CarriageReturn);
            Keep(end < 0 ? bytes : bytes[..end]);
            _wasCarriageReturn = end >= 0 && bytes[end] == CarriageReturn;
            bytes = end < 0 ? default : bytes[(end + 1)..];
            if (end >= 0)
            {
                EndLine();
            }
        }
    }

    /// <summary>Ends the stream: what came of an event without the blank line that ends it, which no reader takes for one; null where nothing is left.</summary>
    public SseMessage? Complete()
    {
        if (_lineLength > 0)
        {
            var line = _line.WrittenSpan;
            if (!_hasData && !line.Contains((byte)':') && line is not [(byte)':', ..])
            {
                // Not even the name of a field is whole.
                AddData(line, _lineLength - line.Length);
            }

            EndLine();
        }

        var cut = _dataLength > 0 ? new SseMessage(_data.WrittenMemory, _dataLength, _id, _type) : null;
        _data = new ArrayBufferWriter<byte>();
        (_dataLength, _hasData, _id, _type) = (0, false, null, null);
        return cut;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        _lineLength += part.Length;
        _line.Write(part[..(int)Math.Min(part.Length, Math.Max(0L, maxEventBytes + (long)"data: ".Length - _line.WrittenCount))]);
    }

    private void EndLine()
    {
        var line = _line.WrittenSpan;
        if (!_hasBegun)
        {
            _hasBegun = true;
            line = line.StartsWith("\uFEFF"u8) ? line[3..] : line;
        }

        if (line.IsEmpty)
        {
            EndEvent();
        }
        else
        {
            Field(line, _lineLength - _line.WrittenCount);
        }

        _line.ResetWrittenCount();
        _lineLength = 0;
    }

    private void Field(ReadOnlySpan<byte> line, long cut)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? default : line[(colon + 1)..];
        value = value.StartsWith(" "u8) ? value[1..] : value;
        if (name.SequenceEqual("data"u8))
        {
            if (_hasData)
            {
                AddData("\n"u8, 0);
            }

            _hasData = true;
            AddData(value, cut);
        }
        else if (name.SequenceEqual("id"u8))
        {
            _id = Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("event"u8))
        {
            _type = Encoding.UTF8.GetString(value);
        }
    }

    private void AddData(ReadOnlySpan<byte> value, long cut)
    {
        _dataLength += value.Length + cut;
        _data.Write(value[..Math.Min(value.Length, maxEventBytes - _data.WrittenCount)]);
    }

    private void EndEvent()
    {
        if (_dataLength > 0)
        {
            onEvent(new SseMessage(_data.WrittenMemory, _dataLength, _id, _type));
            _data = new ArrayBufferWriter<byte>();
        }

        (_dataLength, _hasData, _id, _type) = (0, false, null, null);
    }
}
