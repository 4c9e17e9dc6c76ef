using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Recorder.Proxying;

namespace Recorder.Recording;

/// <summary>The lines on their way from the pumps to the store, in the order in which they were seen; bounded, and never waited for.</summary>
internal sealed class LineQueue
{
    private const int MaxLines = 100_000;
    private const long MaxBytes = 256L * 1024 * 1024;

    private readonly Channel<WireLine> _lines = Channel.CreateBounded<WireLine>(new BoundedChannelOptions(MaxLines) { SingleReader = true });
    private long _bytes;
    private long _dropped;

    /// <summary>How many lines found the queue full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Adds a line, or counts it as dropped where there is no room: the conversation goes on whatever the store does.</summary>
    public void Add(WireLine line)
    {
        if (Interlocked.Add(ref _bytes, line.Bytes.Length) > MaxBytes || !_lines.Writer.TryWrite(line))
        {
            Interlocked.Add(ref _bytes, -line.Bytes.Length);
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Says that no further line comes.</summary>
    public void Complete() => _lines.Writer.TryComplete();

    /// <summary>Waits for a line; false when the queue is empty and complete.</summary>
    public ValueTask<bool> WaitAsync() => _lines.Reader.WaitToReadAsync();

    /// <summary>Looks at the next line without taking it.</summary>
    public bool TryPeek([MaybeNullWhen(false)] out WireLine line) => _lines.Reader.TryPeek(out line);

    /// <summary>Takes the line that was looked at.</summary>
    public void Take()
    {
        if (_lines.Reader.TryRead(out var line))
        {
            Interlocked.Add(ref _bytes, -line.Bytes.Length);
        }
    }
}
