namespace Shadowcat.Sessions;

/// <summary>A frame that is borrowed from the store: what it says is read from the store's own buffer, and nothing of it was copied.</summary>
/// <remarks>
/// It is valid until the enumeration that it came from moves on or ends; then the buffer holds something else. The compiler sees to it: a
/// <c>ref struct</c> can be kept neither in a field or a collection nor across an <c>await</c>. <see cref="ToEnvelope"/> makes a frame that can.
/// </remarks>
public readonly ref struct BorrowedFrame
{
    private readonly MessageEnvelope? _envelope;
    private readonly FrameDecoder? _decoder;

    /// <summary>A frame in the buffer of a store. For whoever writes a store: the initializers say what the frame is, and where in the buffer its texts are.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="sequence">The place of the frame in its session.</param>
    /// <param name="decoder">Makes texts of what is in the buffer, where they are asked for.</param>
    /// <exception cref="ArgumentNullException"><paramref name="decoder"/> is null.</exception>
    public BorrowedFrame(SessionId sessionId, long sequence, FrameDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        SessionId = sessionId;
        Sequence = sequence;
        _decoder = decoder;
    }

    /// <summary>A frame that is in memory already.</summary>
    /// <param name="envelope">The frame.</param>
    /// <exception cref="ArgumentNullException"><paramref name="envelope"/> is null.</exception>
    public BorrowedFrame(MessageEnvelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        _envelope = envelope;
        SessionId = envelope.SessionId;
        Sequence = envelope.Sequence;
        Direction = envelope.Direction;
        Timestamp = envelope.Timestamp;
        TransportType = envelope.TransportType;
        Kind = envelope.Kind;
        Flags = envelope.Flags;
        Payload = envelope.Payload.Span;
    }

    /// <inheritdoc cref="MessageEnvelope.SessionId"/>
    public SessionId SessionId { get; }

    /// <summary>The place of the frame in its session: dense, from 0.</summary>
    public long Sequence { get; }

    /// <inheritdoc cref="MessageEnvelope.Direction"/>
    public MessageDirection Direction { get; init; }

    /// <inheritdoc cref="MessageEnvelope.Timestamp"/>
    public DateTimeOffset Timestamp { get; init; }

    /// <inheritdoc cref="MessageEnvelope.TransportType"/>
    public TransportType TransportType { get; init; }

    /// <inheritdoc cref="MessageEnvelope.Kind"/>
    public MessageKind Kind { get; init; }

    /// <inheritdoc cref="MessageEnvelope.Flags"/>
    public MessageFlags Flags { get; init; }

    /// <summary>The bytes of the message, exactly as given, in the store's buffer.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Where the method is in the buffer; empty for none.</summary>
    public ReadOnlySpan<byte> EncodedMethod { private get; init; }

    /// <summary>Where the request id is in the buffer; empty for none.</summary>
    public ReadOnlySpan<byte> EncodedRequestId { private get; init; }

    /// <summary>Where the exchange id is in the buffer; empty for none.</summary>
    public ReadOnlySpan<byte> EncodedExchangeId { private get; init; }

    /// <summary>Where the protocol version is in the buffer; empty for none.</summary>
    public ReadOnlySpan<byte> EncodedProtocolVersion { private get; init; }

    /// <summary>Where the metadata are in the buffer; empty for none.</summary>
    public ReadOnlySpan<byte> EncodedMetadata { private get; init; }

    /// <summary>The method of a request or notification. Those of MCP are shared strings; any other is a new string at each call.</summary>
    public string? Method => _envelope is not null ? _envelope.Method : EncodedMethod.IsEmpty ? null : _decoder!.Method(EncodedMethod);

    /// <summary>The id of a request, or of the request that a response or error answers; a new one at each call.</summary>
    public RequestId? RequestId => _envelope is not null ? _envelope.RequestId : EncodedRequestId.IsEmpty ? null : _decoder!.RequestId(EncodedRequestId);

    /// <summary>The key that connects a request with its answer across connections, where the recorder knew one; a new string where the frame before had another key.</summary>
    public string? ExchangeId => _envelope is not null ? _envelope.ExchangeId : EncodedExchangeId.IsEmpty ? null : _decoder!.ExchangeId(EncodedExchangeId);

    /// <summary>The protocol version the message names. Those of MCP are shared strings; any other is a new string at each call.</summary>
    public string? ProtocolVersion => _envelope is not null ? _envelope.ProtocolVersion : EncodedProtocolVersion.IsEmpty ? null : _decoder!.ProtocolVersion(EncodedProtocolVersion);

    /// <summary>What the transport said beside the message; a new map where the frame before had other metadata.</summary>
    public FrameMetadata Metadata => _envelope is not null ? _envelope.Metadata : EncodedMetadata.IsEmpty ? FrameMetadata.None : _decoder!.Metadata(EncodedMetadata);

    /// <summary>Makes a frame that may be kept, with a copy of the payload.</summary>
    public MessageEnvelope ToEnvelope() => _envelope is not null
        ? _envelope with { Payload = _envelope.Payload.ToArray() }
        : new MessageEnvelope(SessionId, Direction, TransportType, Payload.ToArray(), Timestamp, new JsonRpcHeader(Kind, Method, RequestId, ProtocolVersion))
        {
            Sequence = Sequence,
            ExchangeId = ExchangeId,
            Flags = Flags,
            Metadata = Metadata,
        };
}
