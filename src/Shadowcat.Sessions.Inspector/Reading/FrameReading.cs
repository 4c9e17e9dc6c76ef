using System.Text.Json;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Reads a range of frames as summaries. A frame that cannot be read is one that says why, and those behind it are read all the same.</summary>
/// <param name="store">Where they are.</param>
/// <param name="id">Their session.</param>
/// <param name="start">The first of them.</param>
/// <param name="count">How many at most.</param>
/// <param name="maxBytes">How much of payload is looked at; at least one frame is read in any case.</param>
internal sealed class FrameReading(ISessionStore store, SessionId id, long start, long count, long maxBytes)
{
    private readonly long _end = start + count;
    private long _next = start;
    private long _bytes;

    /// <summary>Writes the summaries as the elements of an array.</summary>
    /// <returns>The frame to go on at.</returns>
    public async ValueTask<long> WriteAsync(Utf8JsonWriter json, CancellationToken cancellationToken)
    {
        while (_next < _end && _bytes < maxBytes)
        {
            try
            {
                await WriteReadableAsync(json, cancellationToken).ConfigureAwait(false);
                break;
            }
            catch (SessionSerializationException exception)
            {
                FrameSummary.WriteUnreadable(json, _next, exception.Reason);
                _next++;
            }
        }

        return _next;
    }

    private async ValueTask WriteReadableAsync(Utf8JsonWriter json, CancellationToken cancellationToken)
    {
        var frames = store.BorrowFramesAsync(id, FrameRange.From(_next, _end - _next), cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (frames.ConfigureAwait(false))
        {
            while (_bytes < maxBytes && await frames.MoveNextAsync().ConfigureAwait(false))
            {
                Write(json, frames.Current);
            }
        }
    }

    private void Write(Utf8JsonWriter json, in BorrowedFrame frame)
    {
        FrameSummary.Write(json, frame);
        _next = frame.Sequence + 1;
        _bytes += Math.Min(frame.Payload.Length, MessageReader.MaxBytes);
    }
}
