
namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>What the recording said beside a message: what is missing of it, and before it.</summary>
internal static class RecordingText
{
    private const string WithheldKey = "recording.withheld";
    private const string LengthKey = "recording.length";
    private const string DroppedKey = "recording.dropped";

    /// <summary>That the message was withheld or cut off, and how many before it are missing; empty for a usual one.</summary>
    public static string Of(MessageEnvelope frame)
    {
        IEnumerable<string?> parts =
        [
            frame.Metadata.TryGetValue(WithheldKey, out var reason) ? $"withheld: {reason}" : null,
            frame.Metadata.TryGetValue(LengthKey, out var length) ? $"of {length} bytes" : null,
            frame.Metadata.TryGetValue(DroppedKey, out var dropped) ? $"{dropped} missing before it" : null,
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    /// <summary>What happened to the message before it was stored; empty for nothing.</summary>
    public static string Flags(MessageEnvelope frame)
    {
        var flags = frame.Flags == MessageFlags.None ? "" : $"{frame.Flags}";
        return frame.Metadata.ContainsKey(WithheldKey) ? flags.Replace($"{MessageFlags.Redacted}", "Withheld", StringComparison.Ordinal) : flags;
    }
}
