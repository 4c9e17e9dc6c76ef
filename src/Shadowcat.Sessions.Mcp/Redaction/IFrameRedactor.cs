namespace Shadowcat.Sessions.Mcp;

/// <summary>Takes out of a frame what must not be stored.</summary>
public interface IFrameRedactor
{
    /// <summary>Returns the frame as it may be stored.</summary>
    /// <param name="frame">The frame as it was seen.</param>
    /// <returns>The same frame where there is nothing to take out, else a copy with other payload or metadata and <see cref="MessageFlags.Redacted"/>.</returns>
    /// <remarks>
    /// Called for one frame of a session after the other, outside the conversation; for frames of several sessions at the same time. Where it throws, the frame is dropped and counted, and where it takes
    /// longer than <see cref="SessionRecordingOptions.RedactionTimeout"/>, the frame is stored without its payload: nothing is stored unredacted.
    /// </remarks>
    MessageEnvelope Redact(MessageEnvelope frame);
}
