using System.Globalization;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Frames whose payload is not stored, since it could not be redacted within its budget.</summary>
internal static class WithheldPayload
{
    /// <summary>In the metadata of a frame: why its payload is not stored.</summary>
    public const string ReasonKey = "recording.withheld";

    /// <summary>In the metadata of a frame: how long the message was.</summary>
    public const string LengthKey = "recording.length";

    /// <summary>It is larger than is redacted.</summary>
    public const string TooLarge = "too_large";

    /// <summary>A redactor took too long.</summary>
    public const string TimedOut = "timed_out";

    /// <summary>The frame without its payload. Its metadata has the reason and the length of the payload.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="metadata">Its metadata as it may be stored.</param>
    /// <param name="reason">Why.</param>
    public static MessageEnvelope Of(MessageEnvelope frame, FrameMetadata metadata, string reason)
    {
        var entries = metadata.Where(entry => entry.Key is not (ReasonKey or LengthKey)).Take(FrameMetadata.MaxCount - 2);
        return frame with
        {
            Payload = CredentialRedactor.ReplacementPayload(),
            Metadata = FrameMetadata.Create(
                [.. entries, new(ReasonKey, reason), new(LengthKey, frame.Payload.Length.ToString(CultureInfo.InvariantCulture))]),
            Flags = frame.Flags | MessageFlags.Redacted,
        };
    }
}
