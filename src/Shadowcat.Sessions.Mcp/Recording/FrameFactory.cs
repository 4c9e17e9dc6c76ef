using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Makes frames of messages: redacted, cut to what a store takes, with a note where messages before them are missing.</summary>
internal sealed class FrameFactory(SessionRecordingOptions options, ILogger logger)
{
    /// <summary>In the metadata of a frame that was cut off: how long the message was.</summary>
    private const string LengthKey = "recording.length";

    /// <summary>In the metadata of a frame: how many messages of its session before it were not recorded.</summary>
    private const string DroppedKey = "recording.dropped";

    private readonly IFrameRedactor[] _redactors = [.. options.Redactors];

    /// <summary>Makes the frame of a message; null where it could not be redacted.</summary>
    public MessageEnvelope? Make(Session session, QueuedMessage entry, RecordedMessage message)
    {
        // The envelope reads the header from all of the message, so a frame cut off still says which call it was.
        var frame = new MessageEnvelope(session.Id, message.Direction, session.TransportType, JsonText.WithoutMark(message.Payload), entry.Time) with
        {
            Payload = message.Payload,
            Metadata = message.Facts.Metadata,
            Flags = message.Facts.Flags,
            ExchangeId = message.Facts.ExchangeId,
        };
        return Redact(CutHeader.Complete(frame)) is { } redacted ? Cut(redacted) : null;
    }

    /// <summary>Notes on a frame how many messages before it are missing.</summary>
    public static MessageEnvelope AfterGap(MessageEnvelope frame, long missing) =>
        missing == 0 ? frame : frame with { Metadata = With(frame.Metadata, DroppedKey, missing) };

    private MessageEnvelope? Redact(MessageEnvelope frame)
    {
        foreach (var redactor in _redactors)
        {
            try
            {
                frame = redactor.Redact(frame) ?? throw new InvalidOperationException("A redactor returns a frame.");
            }
            catch (Exception exception)
            {
                RecordingLog.RedactionFailed(logger, redactor, exception);
                return null;
            }
        }

        return frame;
    }

    private MessageEnvelope Cut(MessageEnvelope frame) => frame.Payload.Length <= options.MaxFrameBytes
        ? frame
        : frame with
        {
            Payload = frame.Payload[..options.MaxFrameBytes],
            Metadata = With(frame.Metadata, LengthKey, frame.Payload.Length),
            Flags = frame.Flags | MessageFlags.Truncated,
        };

    private static FrameMetadata With(FrameMetadata metadata, string key, long value) => metadata.Count == FrameMetadata.MaxCount || metadata.ContainsKey(key)
        ? metadata
        : FrameMetadata.Create([.. metadata, new(key, value.ToString(CultureInfo.InvariantCulture))]);
}
