namespace Shadowcat.Sessions.Mcp;

/// <summary>What happened to a recorded message, so that it is not what was sent.</summary>
internal static class Damage
{
    /// <summary>Only its beginning was stored.</summary>
    public const string CutOff = "cut off";

    /// <summary>Parts of it were redacted.</summary>
    public const string Redacted = "redacted";

    /// <summary>Nothing of it was stored, since redacting it took too long.</summary>
    public const string Withheld = "withheld";

    private static readonly byte[] Replacement = System.Text.Encoding.UTF8.GetBytes(CredentialRedactor.Replacement);

    /// <summary>What happened to a message; null for nothing. A message whose metadata alone was redacted is intact.</summary>
    public static string? Of(MessageEnvelope frame) =>
        frame.Metadata.ContainsKey(WithheldPayload.ReasonKey) ? Withheld
        : (frame.Flags & MessageFlags.Truncated) != 0 ? CutOff
        : (frame.Flags & MessageFlags.Redacted) != 0 && frame.Payload.Span.IndexOf(Replacement) >= 0 ? Redacted
        : null;

    /// <summary>Whether the rest of a message is no message.</summary>
    public static bool IsNoMessage(string? damage) => damage is CutOff or Withheld;

    /// <summary>Whether a recorded value, or a part of it, was redacted.</summary>
    public static bool IsReplaced(string? json) => json?.Contains(CredentialRedactor.Replacement, StringComparison.Ordinal) == true;
}
