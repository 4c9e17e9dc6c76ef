using System.Globalization;

namespace Shadowcat.Sessions.Recorder.Analysis;

/// <summary>How long a message was on the wire, also where less of it is kept.</summary>
internal static class RecordedLength
{
    private const string LengthKey = "recording.length";

    public static long Of(MessageEnvelope frame) =>
        frame.Metadata.TryGetValue(LengthKey, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : frame.Payload.Length;
}
