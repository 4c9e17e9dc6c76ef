using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Recorder.Proxying;

namespace Recorder.Recording;

/// <summary>The lines on their way from the pumps to the store, in the order in which they were seen; bounded, and never waited for.</summary>
/// <param name="clock">Says when a line was seen.</param>
internal sealed class LineQueue(TimeProvider clock)
{
    private const int MaxLines = 100_000;
    private const long MaxBytes = 256L * 1024 * 1024;

    private readonly Channel<SeenLine> _lines = Channel.CreateBounded<SeenLine>(new BoundedChannelOptions(MaxLines) { SingleReader = true });
    private readonly Lock _order = new();
    private long _bytes;
    private long _dropped;

    /// <summary>How many lines found the queue full.</summary>
    public long Dropped
    {
        get
        {
            lock (_order)
            {
                return _dropped;
            }
        }
    }

    /// <summary>Adds a line, or counts it as dropped where there is no room: the conversation goes on whatever the store does.</summary>
    public void Add(WireLine line)
    {
        // Held for no longer than it takes to look at the clock: the times of both directions follow their order.
        lock (_order)
        {
            if (_bytes + line.Bytes.Length > MaxBytes || !_lines.Writer.TryWrite(new SeenLine(line, clock.GetUtcNow())))
            {
                _dropped++;
                return;
            }

            _bytes += line.Bytes.Length;
        }
    }

    /// <summary>Says that no further line comes.</summary>
    public void Complete() => _lines.Writer.TryComplete();

    /// <summary>Waits for a line; false when the queue is empty and complete.</summary>
    public ValueTask<bool> WaitAsync() => _lines.Reader.WaitToReadAsync();

    /// <summary>Looks at the next line without taking it.</summary>
    public bool TryPeek([MaybeNullWhen(false)] out SeenLine line) => _lines.Reader.TryPeek(out line);

    /// <summary>Takes the line that was looked at.</summary>
    public void Take()
    {
        if (_lines.Reader.TryRead(out var seen))
        {
            lock (_order)
            {
                _bytes -= seen.Line.Bytes.Length;
            }
        }
    }
}
