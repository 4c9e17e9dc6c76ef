using Recorder.Proxying;
using Shadowcat.Sessions;

namespace Recorder.Recording;

/// <summary>Makes frames of lines, as many at a time as a store takes in one call.</summary>
internal sealed class FrameBatch(SessionId session, SessionStoreOptions limits)
{
    /// <summary>In the metadata of a frame that was cut off: how long the message was.</summary>
    public const string LengthKey = "stdio.length";

    /// <summary>In the metadata of a frame whose line had no line feed, for the stream ended: <c>none</c>.</summary>
    public const string TerminatorKey = "stdio.terminator";

    /// <summary>Takes lines off the queue until it is empty or the batch is full.</summary>
    public List<MessageEnvelope> Take(LineQueue queue)
    {
        var frames = new List<MessageEnvelope>();
        var bytes = 0;
        while (frames.Count < SessionStoreLimits.MaxBatchFrames
            && queue.TryPeek(out var seen)
            && (bytes += Math.Min(seen.Line.Bytes.Length, limits.MaxFrameBytes)) <= limits.MaxBatchBytes)
        {
            queue.Take();
            frames.Add(ToFrame(seen.Line, seen.Time));
        }

        return frames;
    }

    private MessageEnvelope ToFrame(WireLine line, DateTimeOffset time)
    {
        var frame = new MessageEnvelope(session, line.Direction, TransportType.Stdio, line.Bytes, time);
        var kept = Math.Min(line.Bytes.Length, limits.MaxFrameBytes);
        var isTruncated = kept < line.Length;
        if (!isTruncated && line.IsTerminated && !line.IsUndelivered)
        {
            return frame;
        }

        List<KeyValuePair<string, string>> metadata = [];
        if (isTruncated)
        {
            metadata.Add(new(LengthKey, $"{line.Length}"));
        }

        if (!line.IsTerminated)
        {
            metadata.Add(new(TerminatorKey, "none"));
        }

        return frame with
        {
            // The envelope has read the header from all of it, so a frame cut off still says which call it was.
            Payload = line.Bytes[..kept],
            Metadata = FrameMetadata.Create(metadata),
            Flags = (isTruncated ? MessageFlags.Truncated : 0) | (line.IsUndelivered ? MessageFlags.Undelivered : 0),
        };
    }
}
