using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>One frame: a message that went through a session, its bytes exactly as they were, and what was read from them once.</summary>
/// <remarks>
/// The constructor reads <see cref="Kind"/>, <see cref="Method"/>, <see cref="RequestId"/> and <see cref="ProtocolVersion"/>
/// from the payload; a store keeps them with the frame, so nobody parses the payload again to list a conversation. A
/// <c>with</c> that replaces <see cref="Payload"/> keeps what was read from the original: that is how a redacted or
/// truncated payload still says which call it was.
/// </remarks>
/// <example>
/// <code>
/// var payload = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""u8.ToArray();
/// var frame = new MessageEnvelope(id, MessageDirection.ClientToServer, TransportType.Stdio, payload, DateTimeOffset.UtcNow);
/// // frame.Kind is Request, frame.Method is "tools/list", frame.RequestId is 1
/// </code>
/// </example>
[JsonConverter(typeof(SessionsJsonConverter))]
public sealed record MessageEnvelope
{
    /// <summary>The greatest length of a method, in characters.</summary>
    public const int MaxMethodLength = 1024;

    /// <summary>The greatest length of an exchange id, in characters.</summary>
    public const int MaxExchangeIdLength = 1024;

    private const MessageFlags AllFlags = MessageFlags.Truncated | MessageFlags.Redacted | MessageFlags.Undelivered;

    /// <summary>Wraps a message and reads its JSON-RPC header.</summary>
    /// <param name="sessionId">The session the message belongs to.</param>
    /// <param name="direction">Which way the message went.</param>
    /// <param name="transportType">What carried it.</param>
    /// <param name="payload">The bytes of the message. They are not copied here: do not change them until the append has completed.</param>
    /// <param name="timestamp">When the message was seen; kept in UTC at the full resolution of 100 ns.</param>
    /// <exception cref="ArgumentException"><paramref name="sessionId"/> is <c>default</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An enum value is not defined, or the time is before 1970.</exception>
    public MessageEnvelope(
        SessionId sessionId, MessageDirection direction, TransportType transportType, ReadOnlyMemory<byte> payload, DateTimeOffset timestamp)
        : this(sessionId, direction, transportType, payload, timestamp, JsonRpcHeader.Read(payload.Span))
    {
    }

#pragma warning disable RS0027 // The constructor that takes more makes a frame of a message; no overload makes more of a copy.
    /// <summary>Copies a frame: for languages without <c>with</c>, such as F#, which sets what is to be different behind the arguments.</summary>
    /// <param name="original">The frame.</param>
    /// <param name="payload">The bytes of the copy; null, the default, for those of the original. What was read from those is kept, as by <c>with</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="original"/> is null.</exception>
    /// <example>
    /// In F#:
    /// <code>
    /// let redacted = MessageEnvelope(frame, bytes, Flags = (frame.Flags ||| MessageFlags.Redacted))
    /// </code>
    /// </example>
    public MessageEnvelope(MessageEnvelope original, ReadOnlyMemory<byte>? payload = null)
        : this(original ?? throw new ArgumentNullException(nameof(original)))
    {
        Payload = payload ?? original.Payload;
    }
#pragma warning restore RS0027

    /// <summary>Wraps a message whose header is known.</summary>
    internal MessageEnvelope(
        SessionId sessionId,
        MessageDirection direction,
        TransportType transportType,
        ReadOnlyMemory<byte> payload,
        DateTimeOffset timestamp,
        JsonRpcHeader header)
    {
        SessionId = sessionId;
        Direction = direction;
        TransportType = transportType;
        Payload = payload;
        Timestamp = timestamp;
        Kind = header.Kind;
        Method = header.Method;
        RequestId = header.RequestId;
        ProtocolVersion = header.ProtocolVersion;
    }

    /// <summary>The session the message belongs to.</summary>
    public SessionId SessionId
    {
        get;
        init => field = value.IsDefault ? throw new ArgumentException("A frame needs the id of its session.", nameof(value)) : value;
    }

    /// <summary>The place of the frame in its session: dense, from 0. Set by the store; a value given on append is ignored.</summary>
    public long Sequence { get; init; }

    /// <summary>Which way the message went.</summary>
    public MessageDirection Direction { get; init => field = Defined.Or(value, "message direction"); }

    /// <summary>When the message was seen, in UTC.</summary>
    public DateTimeOffset Timestamp
    {
        get;
        init => field = value >= DateTimeOffset.UnixEpoch
            ? value.ToUniversalTime()
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A frame's time is not before 1970.");
    }

    /// <summary>What carried the message.</summary>
    public TransportType TransportType { get; init => field = Defined.Or(value, "transport type"); }

    /// <summary>The bytes of the message, exactly as given.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>What the transport said beside the message.</summary>
    public FrameMetadata Metadata { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = FrameMetadata.None;

    /// <summary>What the message is.</summary>
    public MessageKind Kind { get; init => field = Defined.Or(value, "message kind"); }

    /// <summary>The method of a request or notification; at most 1024 characters.</summary>
    public string? Method { get; init => field = StoredText.CheckOptional(value, MaxMethodLength, "A method", nameof(value)); }

    /// <summary>The id of a request, or of the request that a response or error answers.</summary>
    public RequestId? RequestId { get; init; }

    /// <summary>The key that connects a request with its answer across connections, where the recorder knows one; 1 to 1024 characters.</summary>
    public string? ExchangeId { get; init => field = StoredText.CheckOptional(value, MaxExchangeIdLength, "An exchange id", nameof(value)); }

    /// <summary>The protocol version the message names: asked for or answered in <c>initialize</c>, or in <c>_meta</c> since the revision 2026-07-28.</summary>
    public string? ProtocolVersion
    {
        get;
        init => field = StoredText.CheckOptional(value, VersionState.MaxVersionLength, "A protocol version", nameof(value));
    }

    /// <summary>What happened to the message on its way into the store.</summary>
    public MessageFlags Flags
    {
        get;
        init => field = (value & ~AllFlags) == 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Not a combination of message flags.");
    }

    /// <summary>Two envelopes are equal when all parts are, the payload byte by byte.</summary>
    public bool Equals(MessageEnvelope? other) =>
        other is not null
        && SessionId == other.SessionId
        && Sequence == other.Sequence
        && Direction == other.Direction
        && Timestamp == other.Timestamp
        && TransportType == other.TransportType
        && Kind == other.Kind
        && Method == other.Method
        && Nullable.Equals(RequestId, other.RequestId)
        && ExchangeId == other.ExchangeId
        && ProtocolVersion == other.ProtocolVersion
        && Flags == other.Flags
        && Metadata.Equals(other.Metadata)
        && Payload.Span.SequenceEqual(other.Payload.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(SessionId, Sequence, Timestamp, Method, RequestId, Payload.Length);
}
