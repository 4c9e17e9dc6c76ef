namespace Shadowcat.Sessions.Mcp;

/// <summary>What happened to a recorded message, so that it is not what was said.</summary>
internal static class Damage
{
    /// <summary>Only the beginning of it was kept.</summary>
    public const string CutOff = "cut off";

    /// <summary>Parts of it were replaced.</summary>
    public const string Redacted = "redacted";

    /// <summary>Nothing of it was kept, for it could not be redacted in time.</summary>
    public const string Withheld = "withheld";

    private static readonly byte[] Replacement = System.Text.Encoding.UTF8.GetBytes(CredentialRedactor.Replacement);

    /// <summary>Says what happened to a message; null for nothing. Where only the metadata was redacted, the message is whole.</summary>
    public static string? Of(MessageEnvelope frame) =>
        frame.Metadata.ContainsKey(WithheldPayload.ReasonKey) ? Withheld
        : (frame.Flags & MessageFlags.Truncated) != 0 ? CutOff
        : (frame.Flags & MessageFlags.Redacted) != 0 && frame.Payload.Span.IndexOf(Replacement) >= 0 ? Redacted
        : null;

    /// <summary>Whether what is left of a message is no message.</summary>
    public static bool IsNoMessage(string? damage) => damage is CutOff or Withheld;

    /// <summary>Whether a recorded value, or all below it, was replaced.</summary>
    public static bool IsReplaced(string? json) => json?.Contains(CredentialRedactor.Replacement, StringComparison.Ordinal) == true;
}
