using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Inspector;

/// <summary>What happened to a frame, and what its metadata say of it.</summary>
internal static class FrameFlags
{
    public const string HeaderPrefix = "http.header.";
    public const string StatusKey = "http.status";
    public const string DroppedKey = "recording.dropped";
    public const string LengthKey = "recording.length";

    private const string WithheldKey = "recording.withheld";
    private const string ProtectedKey = "shadowcat.protected";

    /// <summary>The words for it; most frames have none.</summary>
    public static IEnumerable<string> Of(MessageFlags flags, FrameMetadata metadata)
    {
        if (flags == MessageFlags.None && metadata.Count == 0)
        {
            return [];
        }

        return Words(flags, metadata);
    }

    private static IEnumerable<string> Words(MessageFlags flags, FrameMetadata metadata)
    {
        if (flags.HasFlag(MessageFlags.Truncated))
        {
            yield return "cut";
        }

        if (flags.HasFlag(MessageFlags.Redacted))
        {
            yield return "redacted";
        }

        if (flags.HasFlag(MessageFlags.Undelivered))
        {
            yield return "undelivered";
        }

        if (metadata.ContainsKey(WithheldKey))
        {
            yield return "withheld";
        }

        if (metadata.ContainsKey(ProtectedKey))
        {
            yield return "protected";
        }

        if (metadata.ContainsKey(ExchangeEnd.Key))
        {
            yield return "ended";
        }

        if (metadata.ContainsKey(DroppedKey))
        {
            yield return "gap";
        }
    }
}
