using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Makes frames of messages: redacted, cut to what a store takes, with a note where messages before them are missing.</summary>
internal sealed class FrameFactory(SessionRecordingOptions options, ClientBounds bounds, TimeProvider clock, ILogger logger, CancellationToken deadline)
{
    /// <summary>Up to here redacting takes no longer than a call of the store, where the time grows as the payload does.</summary>
    private const int QuickBytes = 256 * 1024;

    /// <summary>In the metadata of a frame: how many messages of its session before it were not recorded.</summary>
    private const string DroppedKey = "recording.dropped";

    private readonly IFrameRedactor[] _redactors = [.. options.Redactors];
    private readonly bool _isLinear = options.Redactors.All(redactor => redactor is CredentialRedactor or AllowListRedactor);

    private int _hasCut;

    /// <summary>Makes the frame of a message; null where a redactor failed, or the recording ended before it was done.</summary>
    /// <remarks>What may take long is done aside, and no longer than is allowed: then the frame is stored without its payload.</remarks>
    public async ValueTask<MessageEnvelope?> MakeAsync(RecordedSession session, QueuedMessage entry, RecordedMessage message)
    {
        var stored = session.Stored!;

        // The envelope reads the header from all of the message, so a frame cut off still says which call it was.
        var frame = CutHeader.Complete(new MessageEnvelope(stored.Id, message.Direction, stored.TransportType, JsonText.WithoutMark(message.Payload), entry.Time) with
        {
            Payload = message.Payload,
            Metadata = message.Facts.Metadata,
            Flags = message.Facts.Flags,
            ExchangeId = message.Facts.ExchangeId,
        });
        var redacted = _isLinear && message.Payload.Length <= QuickBytes ? Redact(frame) : await RedactAsideAsync(session, frame).ConfigureAwait(false);
        return redacted is null ? null : Cut(redacted, bounds.MaxBytes(session));
    }

    /// <summary>Notes on a frame how many messages before it are missing.</summary>
    public static MessageEnvelope AfterGap(MessageEnvelope frame, long missing) =>
        missing == 0 ? frame : frame with { Metadata = With(frame.Metadata, DroppedKey, missing) };

    private async Task<MessageEnvelope?> RedactAsideAsync(RecordedSession session, MessageEnvelope frame)
    {
        // A redactor cannot be stopped. One that did not come back keeps one thread and not one for every frame.
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
                // What it was about to take out is not known.
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
