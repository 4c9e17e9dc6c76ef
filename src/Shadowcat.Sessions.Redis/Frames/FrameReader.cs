using System.Buffers;
using System.Text;

namespace Shadowcat.Sessions.Redis;

/// <summary>Reads a stored frame in place: the header at once and without garbage, text only where it is asked for. The form is that of <see cref="FrameFormat"/>.</summary>
/// <remarks>The bytes are untrusted: what no writer of this library could have written is refused when the reader is made, so that nothing it is asked later can fail.</remarks>
internal readonly ref struct FrameReader
{
    private const int MinElements = 12;
    private const int AllFlags = (int)(MessageFlags.Truncated | MessageFlags.Redacted | MessageFlags.Undelivered);

    /// <summary>Control characters, and the byte that those from U+0080 to U+009F begin with.</summary>
    private static readonly SearchValues<byte> Suspicious = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code), 0x7F, 0xC2]);

    private readonly ReadOnlySpan<byte> _method;
    private readonly ReadOnlySpan<byte> _requestId;
    private readonly ReadOnlySpan<byte> _exchangeId;
    private readonly ReadOnlySpan<byte> _protocolVersion;
    private readonly ReadOnlySpan<byte> _metadata;
    private readonly ReadOnlySpan<byte> _payload;
    private readonly DateTimeOffset _timestamp;
    private readonly MessageDirection _direction;
    private readonly TransportType _transportType;
    private readonly MessageKind _kind;
    private readonly MessageFlags _flags;

    /// <summary>Reads the header of a frame.</summary>
    /// <param name="encoded">The frame.</param>
    /// <exception cref="FrameFormatException">The bytes are not a frame of a version this library reads.</exception>
    public FrameReader(ReadOnlySpan<byte> encoded)
    {
        long? version = null;
        var bytes = new MessagePackBytes(encoded);
        try
        {
            var elements = bytes.ReadArrayHeader();
            version = bytes.ReadInt64();
            if (version != FrameFormat.Version)
            {
                throw new FrameFormatException("the frame has a format this version of the library does not read", version);
            }

            if (elements < MinElements)
            {
                throw new FrameFormatException($"the frame has {elements} elements instead of {MinElements}", version);
            }

            _direction = (MessageDirection)Bounded(bytes.ReadInt64(), (int)MessageDirection.Internal);
            _timestamp = bytes.ReadTimestamp();
            _transportType = (TransportType)Bounded(bytes.ReadInt64(), (int)TransportType.WebSocket);
            _kind = (MessageKind)Bounded(bytes.ReadInt64(), (int)MessageKind.Notification);
            _flags = (MessageFlags)Bounded(bytes.ReadInt64(), AllFlags);
            _method = ReadText(ref bytes, MessageEnvelope.MaxMethodLength);
            _requestId = ReadRequestId(ref bytes, encoded);
            _exchangeId = ReadText(ref bytes, MessageEnvelope.MaxExchangeIdLength);
            _protocolVersion = ReadText(ref bytes, VersionState.MaxVersionLength);
            _metadata = ReadMetadata(ref bytes, encoded);
            _payload = bytes.ReadBinary();
            bytes.Skip(elements - MinElements);
            if (bytes.Left > 0)
            {
                throw new FormatException("Bytes follow the frame.");
            }

            if (_timestamp < DateTimeOffset.UnixEpoch)
            {
                throw new FormatException("A frame's time is not before 1970.");
            }
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new FrameFormatException("the frame is damaged", version, exception);
        }
    }

    /// <summary>The frame, borrowed from these bytes.</summary>
    public BorrowedFrame Borrow(SessionId sessionId, long sequence, FrameDecoder decoder) => new(sessionId, sequence, decoder)
    {
        Direction = _direction,
        Timestamp = _timestamp,
        TransportType = _transportType,
        Kind = _kind,
        Flags = _flags,
        Payload = _payload,
        EncodedMethod = _method,
        EncodedRequestId = _requestId,
        EncodedExchangeId = _exchangeId,
        EncodedProtocolVersion = _protocolVersion,
        EncodedMetadata = _metadata,
    };

    private static int Bounded(long value, int max) =>
        (ulong)value <= (ulong)max ? (int)value : throw new FormatException($"There is {value} where 0 to {max} is wanted.");

    private static ReadOnlySpan<byte> ReadText(scoped ref MessagePackBytes bytes, int maxLength)
    {
        if (bytes.TryReadNil())
        {
            return [];
        }

        var text = bytes.ReadText();
        return IsLongerThan(text, maxLength) || HasControlCharacter(text) ? throw new FormatException("A text is too long or has a control character.") : text;
    }

    /// <summary>The element of a request id: its type is part of the id.</summary>
    private static ReadOnlySpan<byte> ReadRequestId(scoped ref MessagePackBytes bytes, ReadOnlySpan<byte> encoded)
    {
        if (bytes.TryReadNil())
        {
            return [];
        }

        var start = encoded.Length - bytes.Left;
        if (bytes.IsInteger)
        {
            bytes.ReadInt64();
        }
        else if (bytes.IsBinary ? !RequestId.TryParseNumber(bytes.ReadBinary(), out _) : IsLongerThan(bytes.ReadText(), RequestId.MaxLength))
        {
            throw new FormatException("A request id is no number, or too long.");
        }

        return encoded[start..^bytes.Left];
    }

    private static ReadOnlySpan<byte> ReadMetadata(scoped ref MessagePackBytes bytes, ReadOnlySpan<byte> encoded)
    {
        if (bytes.TryReadNil())
        {
            return [];
        }

        var start = encoded.Length - bytes.Left;
        var count = bytes.ReadMapHeader();
        if (count > FrameMetadata.MaxCount)
        {
            throw new FormatException($"There are more than {FrameMetadata.MaxCount} metadata entries.");
        }

        for (var i = 0; i < count; i++)
        {
            var key = bytes.ReadText();
            if (key.IsEmpty || IsLongerThan(key, FrameMetadata.MaxKeyLength) || HasControlCharacter(key) || IsLongerThan(bytes.ReadText(), FrameMetadata.MaxValueLength))
            {
                throw new FormatException("A metadata entry is too long, or its key empty or with a control character.");
            }
        }

        return encoded[start..^bytes.Left];
    }

    /// <summary>Whether a text has more characters than that. It has no more than it has bytes.</summary>
    private static bool IsLongerThan(ReadOnlySpan<byte> utf8, int maxLength) => utf8.Length > maxLength && Encoding.UTF8.GetCharCount(utf8) > maxLength;

    private static bool HasControlCharacter(ReadOnlySpan<byte> utf8)
    {
        for (var at = utf8.IndexOfAny(Suspicious); at >= 0; at = utf8.IndexOfAny(Suspicious))
        {
            if (utf8[at] != 0xC2 || (at + 1 < utf8.Length && utf8[at + 1] is >= 0x80 and <= 0x9F))
            {
                return true;
            }

            utf8 = utf8[(at + 1)..];
        }

        return false;
    }
}
