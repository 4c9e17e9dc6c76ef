namespace Shadowcat.Sessions.Mcp;

/// <summary>The recording of one session whose messages the caller receives, such as a proxy. All members may be called from any number of threads at the same time.</summary>
/// <remarks><see cref="SessionRecorder.Begin"/> returns it.</remarks>
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

    /// <summary>The id of the session. It is in the store once its first message is written.</summary>
    public SessionId Id => _session.Described.Id;

    /// <summary>The id that the transport gives the session, such as <c>Mcp-Session-Id</c>, where it is known only later. A hash of it is stored with the next message.</summary>
    /// <value>At most 1024 ASCII characters without control characters; anything else is not stored. Null, the default, for that of the session that was begun.</value>
    public string? TransportSessionId { get; set; }

    /// <summary>The protocol version in the headers of the transport, such as <c>MCP-Protocol-Version</c>. It is stored with the next message.</summary>
    /// <value>At most <see cref="VersionState.MaxVersionLength"/> ASCII characters without control characters; anything else is not stored. Null by default.</value>
    public string? TransportVersion { get; set; }

    /// <summary>Records a message and returns at once. Messages are stored in the order of the calls.</summary>
    /// <param name="direction">The direction of the message.</param>
    /// <param name="payload">The bytes of the message. They are not copied, so they must not change.</param>
    /// <param name="metadata">What the transport said besides the message, such as headers; null, the default, for nothing.</param>
    /// <param name="flags">What happened to the message; nothing by default.</param>
    /// <param name="exchangeId">The exchange that the message belongs to, which distinguishes requests with the same id; 1 to 1024 characters, null, the default, for none.</param>
    /// <returns>True where the message is queued; false where it was dropped and counted, because the queue is full, the recording is closed, or the recorder is disposed.</returns>
    /// <exception cref="ArgumentException"><paramref name="exchangeId"/> is empty, too long, or has control characters or surrogates.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="direction"/> or <paramref name="flags"/> is not defined.</exception>
    public bool TryRecord(
        MessageDirection direction, ReadOnlyMemory<byte> payload, FrameMetadata? metadata = null, MessageFlags flags = default, string? exchangeId = null) =>
        _recorder.TryRecord(_session, Message(direction, payload, metadata, flags, exchangeId));

    /// <summary>Records a message. Where the queue is full and <see cref="SessionRecordingOptions.WhenFull"/> is <see cref="RecordingOverflow.Wait"/>, waits until the queue has capacity. Messages are stored in the order of the calls.</summary>
    /// <param name="direction">The direction of the message.</param>
    /// <param name="payload">The bytes of the message. They are not copied, so they must not change.</param>
    /// <param name="metadata">What the transport said besides the message, such as headers; null, the default, for nothing.</param>
    /// <param name="flags">What happened to the message; nothing by default.</param>
    /// <param name="exchangeId">The exchange that the message belongs to, which distinguishes requests with the same id; 1 to 1024 characters, null, the default, for none.</param>
    /// <param name="cancellationToken">Ends the waiting; the message is then dropped and counted, and no exception is thrown.</param>
    /// <returns>True where the message is queued; false where it was dropped and counted, because the queue is full, the waiting was cancelled, the recording is closed, or the recorder is disposed.</returns>
    /// <exception cref="ArgumentException"><paramref name="exchangeId"/> is empty, too long, or has control characters or surrogates.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="direction"/> or <paramref name="flags"/> is not defined.</exception>
    public ValueTask<bool> RecordAsync(
        MessageDirection direction,
        ReadOnlyMemory<byte> payload,
        FrameMetadata? metadata = null,
        MessageFlags flags = default,
        string? exchangeId = null,
        CancellationToken cancellationToken = default) =>
        _recorder.RecordAsync(_session, Message(direction, payload, metadata, flags, exchangeId), cancellationToken);

    /// <summary>Closes the session once its messages are written. Further calls do nothing.</summary>
    /// <param name="status">How it ended: <see cref="SessionStatus.Completed"/>, <see cref="SessionStatus.Failed"/> or <see cref="SessionStatus.TimedOut"/>.</param>
    /// <param name="reason">Why; 1 to 3900 characters without control characters and surrogates. Where messages were dropped, their number is added.</param>
    /// <exception cref="ArgumentException">The reason is null, empty or too long, or has control characters or surrogates.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The status is <see cref="SessionStatus.Active"/> or not defined.</exception>
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
            // Checked here, since the frame is made in the background, where no caller gets an exception.
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
