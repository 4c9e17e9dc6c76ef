namespace Shadowcat.Sessions.Mcp;

/// <summary>Removes from a frame what must not be stored.</summary>
/// <example>
/// <code>
/// public sealed class ResultRedactor : IFrameRedactor
/// {
///     public MessageEnvelope Redact(MessageEnvelope frame) => frame.Kind == MessageKind.Response
///         ? frame with { Payload = "[redacted]"u8.ToArray(), Flags = frame.Flags | MessageFlags.Redacted }
///         : frame;
/// }
/// </code>
/// </example>
public interface IFrameRedactor
{
    /// <summary>Returns the frame as it may be stored.</summary>
    /// <param name="frame">The frame as it was recorded.</param>
    /// <returns>The same frame where nothing is to be removed; otherwise a copy with another payload or metadata and <see cref="MessageFlags.Redacted"/>.</returns>
    /// <remarks>
    /// Called in the background, for one frame of a session at a time and for frames of several sessions at the same time. Where it throws, the frame is dropped and counted. Where it takes longer than
    /// <see cref="SessionRecordingOptions.RedactionTimeout"/>, the frame is stored without its payload. So nothing is stored unredacted.
    /// </remarks>
    MessageEnvelope Redact(MessageEnvelope frame);
}
