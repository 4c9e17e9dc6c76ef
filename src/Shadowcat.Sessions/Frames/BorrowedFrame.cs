namespace Shadowcat.Sessions;

/// <summary>A frame that the store lends: what it says is read from the store's own buffer, and nothing of it was copied.</summary>
/// <remarks>
/// It is valid until the enumeration that it came from moves on or ends; then the buffer holds something else. The compiler sees to it: a
/// <c>ref struct</c> can be kept neither in a field or a collection nor across an <c>await</c>. <see cref="ToEnvelope"/> makes a frame that can.
/// </remarks>
public readonly ref struct BorrowedFrame
{
    private readonly FrameReader _stored;
    private readonly MessageEnvelope? _envelope;

    /// <summary>Lends a stored frame.</summary>
    internal BorrowedFrame(SessionId sessionId, long sequence, FrameReader stored)
    {
        SessionId = sessionId;
        Sequence = sequence;
        _stored = stored;
    }

    /// <summary>Lends a frame that there is already.</summary>
    internal BorrowedFrame(MessageEnvelope envelope)
    {
        SessionId = envelope.SessionId;
        Sequence = envelope.Sequence;
        _envelope = envelope;
    }

    /// <inheritdoc cref="MessageEnvelope.SessionId"/>
    public SessionId SessionId { get; }

    /// <summary>The place of the frame in its session: dense, from 0.</summary>
    public long Sequence { get; }

    /// <inheritdoc cref="MessageEnvelope.Direction"/>
    public MessageDirection Direction => _envelope?.Direction ?? _stored.Direction;

    /// <inheritdoc cref="MessageEnvelope.Timestamp"/>
    public DateTimeOffset Timestamp => _envelope?.Timestamp ?? _stored.Timestamp;

    /// <inheritdoc cref="MessageEnvelope.TransportType"/>
    public TransportType TransportType => _envelope?.TransportType ?? _stored.TransportType;

    /// <inheritdoc cref="MessageEnvelope.Kind"/>
    public MessageKind Kind => _envelope?.Kind ?? _stored.Kind;

    /// <inheritdoc cref="MessageEnvelope.Flags"/>
    public MessageFlags Flags => _envelope?.Flags ?? _stored.Flags;

    /// <summary>The method of a request or notification. Those of MCP are shared strings; another one is made anew each time it is asked for.</summary>
    public string? Method => _envelope is null ? _stored.Method : _envelope.Method;

    /// <summary>The id of a request, or of the request that a response or error answers; made anew each time it is asked for.</summary>
    public RequestId? RequestId => _envelope is null ? _stored.RequestId : _envelope.RequestId;

    /// <summary>The key that brings a request and what answers it together across connections, where the recorder knew one; made anew where the frame before had another.</summary>
    public string? ExchangeId => _envelope is null ? _stored.ExchangeId : _envelope.ExchangeId;

    /// <summary>The protocol version the message names. Those of MCP are shared strings; another one is made anew each time it is asked for.</summary>
    public string? ProtocolVersion => _envelope is null ? _stored.ProtocolVersion : _envelope.ProtocolVersion;

    /// <summary>What the transport said beside the message; made anew where the frame before had other.</summary>
    public FrameMetadata Metadata => _envelope is null ? _stored.Metadata : _envelope.Metadata;

    /// <summary>The bytes of the message, exactly as given, in the store's buffer.</summary>
    public ReadOnlySpan<byte> Payload => _envelope is null ? _stored.Payload : _envelope.Payload.Span;

    /// <summary>Makes a frame that may be kept, with a copy of the payload.</summary>
    public MessageEnvelope ToEnvelope() =>
        _envelope is null ? _stored.ToEnvelope(SessionId, Sequence) : _envelope with { Payload = _envelope.Payload.ToArray() };
}
