using System.Buffers;
using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Proxying;

/// <summary>Cuts the bytes of one direction into lines: a message of the stdio transport is a line.</summary>
/// <param name="direction">Which way the bytes go.</param>
/// <param name="maxLineBytes">How much of a line is kept; the rest is only counted.</param>
/// <param name="onLine">Takes each line. It must not wait: the bytes are on their way.</param>
/// <seealso href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio"/>
internal sealed class LineSplitter(MessageDirection direction, int maxLineBytes, Action<WireLine> onLine)
{
    private const int UsualLineBytes = 64 * 1024;

    private ArrayBufferWriter<byte> _line = new();
    private long _length;

    /// <summary>Whether the line feed of the last line is still to come.</summary>
    public bool IsInsideLine => _length > 0;

    /// <summary>Takes the next bytes of the stream, which may hold any part of any number of lines.</summary>
    public void Add(ReadOnlySpan<byte> bytes, bool isUndelivered)
    {
        for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
        {
            Keep(bytes[..end]);
            Emit(isTerminated: true, isUndelivered);
        }

        Keep(bytes);
    }

    /// <summary>Ends the stream: what is left without a line feed is a line too.</summary>
    /// <param name="isUndelivered">Whether its receiver has closed its end.</param>
    /// <param name="isCut">Whether more of it was to come, which nobody waits for.</param>
    public void Complete(bool isUndelivered, bool isCut = false)
    {
        if (_length > 0)
        {
            Emit(isTerminated: false, isUndelivered, isCut);
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        _length += bytes.Length;
        _line.Write(bytes[..Math.Min(bytes.Length, maxLineBytes - _line.WrittenCount)]);
    }

    private void Emit(bool isTerminated, bool isUndelivered, bool isCut = false)
    {
        onLine(new WireLine(direction, _line.WrittenSpan.ToArray(), _length, isTerminated, isUndelivered, isCut || _line.WrittenCount < _length));
        _length = 0;
        if (_line.Capacity > UsualLineBytes)
        {
            // One huge line must not hold its memory for the rest of the conversation.
            _line = new ArrayBufferWriter<byte>();
        }
        else
        {
            _line.ResetWrittenCount();
        }
    }
}
