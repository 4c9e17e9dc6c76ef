using System.Globalization;
using Recorder.Proxying;
using Shadowcat.Sessions;
using Shadowcat.Sessions.Mcp;

namespace Recorder.Recording;

/// <summary>Records the lines of a proxied conversation, each as a frame.</summary>
internal static class LineRecording
{
    /// <summary>In the metadata of a frame that was cut off: how long the message was.</summary>
    private const string LengthKey = "recording.length";

    /// <summary>In the metadata of a frame whose line had no line feed, for the stream ended: <c>none</c>.</summary>
    private const string TerminatorKey = "stdio.terminator";

    /// <summary>Records that whoever receives has closed its end, so that nothing is delivered any more; not all of the last message may have been.</summary>
    public static void ObserveBreak(this SessionRecording recording, MessageDirection direction) => recording.TryRecord(
        MessageDirection.Internal,
        default,
        FrameMetadata.Create(
        [
            new(ExchangeEnd.Key, direction == MessageDirection.ClientToServer ? ExchangeEnd.Broken : ExchangeEnd.Closed),
            new(ExchangeEnd.ByKey, direction == MessageDirection.ClientToServer ? ExchangeEnd.Server : ExchangeEnd.Client),
        ]));

    /// <summary>Records a line; returns at once.</summary>
    public static void Observe(this SessionRecording recording, WireLine line)
    {
        List<KeyValuePair<string, string>> metadata = [];
        if (line.Bytes.Length < line.Length)
        {
            metadata.Add(new(LengthKey, line.Length.ToString(CultureInfo.InvariantCulture)));
        }

        if (!line.IsTerminated)
        {
            metadata.Add(new(TerminatorKey, "none"));
        }

        recording.TryRecord(
            line.Direction,
            line.Bytes,
            FrameMetadata.Create(metadata),
            (line.IsCut ? MessageFlags.Truncated : 0) | (line.IsUndelivered ? MessageFlags.Undelivered : 0));
    }
}
