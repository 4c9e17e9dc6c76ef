namespace Shadowcat.Sessions.Mcp;

/// <summary>The recording of one session whose messages the caller sees, such as a proxy. All members may be called at the same time from any number of threads.</summary>
public sealed class SessionRecording
{
    private const int MaxExchangeIdLength = 1024;

    private readonly SessionRecorder _recorder;
    private readonly RecordedSession _session;

    internal SessionRecording(SessionRecorder recorder, RecordedSession session)
    {
        _recorder = recorder;
        _session = session;
    }

    /// <summary>The session in the store, once its first message is there.</summary>
    public SessionId Id => _session.Described.Id;

    /// <summary>What the transport calls the session, such as <c>Mcp-Session-Id</c>, where that is known only after its beginning. A hash of it is noted with the next message.</summary>
    /// <value>Null, the default, for what the session was begun with. What a store does not take is left out.</value>
    public string? TransportSessionId { get; set; }

    /// <summary>The protocol version that the transport names, such as <c>MCP-Protocol-Version</c>. It is noted with the next message.</summary>
    /// <value>Null by default. What a store does not take is left out.</value>
    public string? TransportVersion { get; set; }

    /// <summary>Records a message, in the order of the calls; returns at once.</summary>
    /// <param name="direction">Which way it went.</param>
    /// <param name="payload">Its bytes. They are not copied: do not change them.</param>
    /// <param name="metadata">What the transport said beside it; null for nothing.</param>
    /// <param name="flags">What is known to have happened to it.</param>
    /// <param name="exchangeId">Tells a request and what answers it from others with the same request id; 1 to 1024 characters, null for none.</param>
    /// <returns>False where it was dropped and counted: the queue is full, the recording was closed, or the recorder is disposed.</returns>
    /// <exception cref="ArgumentException"><paramref name="exchangeId"/> is empty or too long.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="direction"/> or <paramref name="flags"/> is not defined.</exception>
    public bool TryRecord(
        MessageDirection direction, ReadOnlyMemory<byte> payload, FrameMetadata? metadata = null, MessageFlags flags = default, string? exchangeId = null) =>
        _recorder.TryRecord(_session, Message(direction, payload, metadata, flags, exchangeId));

    /// <summary>Records a message as <see cref="TryRecord"/> does, but waits for room where <see cref="SessionRecordingOptions.WhenFull"/> says so.</summary>
    /// <param name="direction">Which way it went.</param>
    /// <param name="payload">Its bytes. They are not copied: do not change them.</param>
    /// <param name="metadata">What the transport said beside it; null for nothing.</param>
    /// <param name="flags">What is known to have happened to it.</param>
    /// <param name="exchangeId">Tells a request and what answers it from others with the same request id; 1 to 1024 characters, null for none.</param>
    /// <param name="cancellationToken">Stops waiting: then the message is dropped and counted.</param>
    /// <returns>False where it was dropped and counted.</returns>
    /// <exception cref="ArgumentException"><paramref name="exchangeId"/> is empty or too long.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="direction"/> or <paramref name="flags"/> is not defined.</exception>
    public ValueTask<bool> RecordAsync(
        MessageDirection direction,
        ReadOnlyMemory<byte> payload,
        FrameMetadata? metadata = null,
        MessageFlags flags = default,
        string? exchangeId = null,
        CancellationToken cancellationToken = default) =>
        _recorder.RecordAsync(_session, Message(direction, payload, metadata, flags, exchangeId), cancellationToken);

    /// <summary>Closes the session behind what was recorded. Closing again does nothing.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="reason">Why; 1 to 3900 characters. Where messages were dropped, their number is added.</param>
    /// <exception cref="ArgumentException">The reason is empty, too long or holds a control character, or the status is not that of an end.</exception>
    public void Close(SessionStatus status, string reason)
    {
        if (status is not (SessionStatus.Completed or SessionStatus.Failed or SessionStatus.TimedOut))
        {
            throw new ArgumentOutOfRangeException(nameof(status), status, "A session ends as completed, failed or timed out.");
        }

        SessionEnd.Check(reason);
        _recorder.End(_session, new SessionEnd(status, reason));
    }

    private RecordedMessage Message(MessageDirection direction, ReadOnlyMemory<byte> payload, FrameMetadata? metadata, MessageFlags flags, string? exchangeId)
    {
        if (exchangeId is not null)
        {
            // Refused here: where the frame is made, nobody could be told.
            ArgumentException.ThrowIfNullOrEmpty(exchangeId);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(exchangeId.Length, MaxExchangeIdLength, nameof(exchangeId));
            if (exchangeId.Any(character => char.IsControl(character) || char.IsSurrogate(character)))
            {
                throw new ArgumentException("An exchange id has no control characters and no surrogates.", nameof(exchangeId));
            }
        }

        return Enum.IsDefined(direction) && (flags & ~(MessageFlags.Truncated | MessageFlags.Redacted | MessageFlags.Undelivered)) == 0
            ? new RecordedMessage(direction, payload, new MessageFacts
            {
                Metadata = metadata ?? FrameMetadata.None,
                Flags = flags,
                ExchangeId = exchangeId,
                TransportSessionId = TransportSessionId,
                TransportVersion = TransportVersion,
            })
            : throw new ArgumentOutOfRangeException(nameof(direction), "The direction or the flags are not defined.");
    }
}
