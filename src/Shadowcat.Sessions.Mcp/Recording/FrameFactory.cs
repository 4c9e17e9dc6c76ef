using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Turns messages into frames: redacted, cut to the greatest payload that is stored, with a note where messages before them are missing.</summary>
internal sealed class FrameFactory(SessionRecordingOptions options, ClientBounds bounds, TimeProvider clock, ILogger logger, CancellationToken deadline)
{
    /// <summary>Up to this size a redactor whose time is linear in the payload takes no longer than a call of the store.</summary>
    private const int QuickBytes = 256 * 1024;

    /// <summary>The metadata key for how many messages of the session before the frame were not recorded.</summary>
    private const string DroppedKey = "recording.dropped";

    private readonly IFrameRedactor[] _redactors = [.. options.Redactors];
    private readonly bool _isLinear = options.Redactors.All(redactor => redactor is CredentialRedactor or AllowListRedactor);

    private int _hasCut;

    /// <summary>Makes the frame of a message; null where a redactor failed, or the drain timeout ended before it was done.</summary>
    /// <remarks>A redaction that may take long runs on another thread, for the redaction timeout at most. After that the frame is stored without its payload.</remarks>
    public async ValueTask<MessageEnvelope?> MakeAsync(RecordedSession session, QueueEntry entry, RecordedMessage message)
    {
        var stored = session.Stored!;

        // The envelope reads the header from the whole message, so a frame that is cut off still has its method and id.
        var frame = CutHeader.Complete(new MessageEnvelope(stored.Id, message.Direction, stored.TransportType, JsonText.WithoutMark(message.Payload), entry.Time) with
        {
            Payload = message.Payload,
            Metadata = message.Facts.Metadata,
            Flags = message.Facts.Flags,
            ExchangeId = message.Facts.ExchangeId,
        });
        var redacted = _isLinear && message.Payload.Length <= QuickBytes ? Redact(frame) : await RedactInBackgroundAsync(session, frame).ConfigureAwait(false);
        return redacted is null ? null : Cut(redacted, bounds.MaxBytes(session));
    }

    /// <summary>Notes on a frame how many messages before it are missing.</summary>
    public static MessageEnvelope AfterGap(MessageEnvelope frame, long missing) =>
        missing == 0 ? frame : frame with { Metadata = With(frame.Metadata, DroppedKey, missing) };

    private async Task<MessageEnvelope?> RedactInBackgroundAsync(RecordedSession session, MessageEnvelope frame)
    {
        // A redactor cannot be cancelled. One that does not return keeps one thread, and not one for every frame.
        if (session.Redacting.IsCompleted)
        {
            var redacting = Task.Run(() => Redact(frame), CancellationToken.None);
            session.Redacting = redacting;
            try
            {
                return await redacting.WaitAsync(options.RedactionTimeout, clock, deadline).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // What it would have redacted is not known.
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested)
            {
                return null;
            }
        }

        RecordingLog.RedactionTimedOut(logger, options.RedactionTimeout);
        return WithheldPayload.Of(frame, FrameMetadata.None, WithheldPayload.TimedOut);
    }

    private MessageEnvelope? Redact(MessageEnvelope frame)
    {
        foreach (var redactor in _redactors)
        {
            try
            {
                frame = redactor.Redact(frame) ?? throw new InvalidOperationException("A redactor must return a frame; this one returned null.");
            }
            catch (Exception exception)
            {
                RecordingLog.RedactionFailed(logger, redactor, exception);
                return null;
            }
        }

        return frame;
    }

    private MessageEnvelope Cut(MessageEnvelope frame, int maxBytes)
    {
        if (frame.Payload.Length <= maxBytes)
        {
            return frame;
        }

        RecordingMetrics.Cut.Add(1);
        if (Interlocked.Exchange(ref _hasCut, 1) == 0)
        {
            RecordingLog.MessageCut(logger, frame.Payload.Length, maxBytes);
        }

        return frame with
        {
            Payload = frame.Payload[..maxBytes],
            Metadata = With(frame.Metadata, WithheldPayload.LengthKey, frame.Payload.Length),
            Flags = frame.Flags | MessageFlags.Truncated,
        };
    }

    private static FrameMetadata With(FrameMetadata metadata, string key, long value) => metadata.Count == FrameMetadata.MaxCount || metadata.ContainsKey(key)
        ? metadata
        : FrameMetadata.Create([.. metadata, new(key, value.ToString(CultureInfo.InvariantCulture))]);
}
