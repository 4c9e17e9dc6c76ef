using System.Buffers;
using System.Text;
using MessagePack;

namespace Shadowcat.Sessions;

/// <summary>Reads a stored frame: the header at once and without garbage, text only where it is asked for. The form is that of <see cref="FrameFormat"/>.</summary>
/// <remarks>The bytes are untrusted: every length is checked against what is there before anything is made of it, and nothing is read recursively.</remarks>
internal readonly ref struct FrameReader
{
    private const int MinElements = 12;
    private const int MaxTextBytes = 64 * 1024;
    private const int MaxMetadata = 1024;

    private readonly ReadOnlySpan<byte> _requestId;
    private readonly ReadOnlySpan<byte> _exchangeId;
    private readonly ReadOnlySpan<byte> _protocolVersion;
    private readonly ReadOnlyMemory<byte> _metadata;
    private readonly MessagePackType _requestIdType;
    private readonly long _requestNumber;
    private readonly int _payloadStart;

    /// <summary>Reads the header of a frame.</summary>
    /// <exception cref="FrameFormatException">The bytes are not a frame of a version this library reads.</exception>
    public FrameReader(ReadOnlyMemory<byte> encoded)
    {
        long? version = null;
        var reader = new MessagePackReader(encoded);
        try
        {
            var elements = reader.ReadArrayHeader();
            version = reader.ReadInt64();
            if (version != FrameFormat.Version)
            {
                throw new FrameFormatException("the frame has a format this version of the library does not read", version);
            }

            if (elements < MinElements)
            {
                throw new FrameFormatException($"the frame has {elements} elements instead of {MinElements}", version);
            }

            Direction = (MessageDirection)reader.ReadInt32();
            Timestamp = new DateTimeOffset(reader.ReadDateTime(), TimeSpan.Zero);
            TransportType = (TransportType)reader.ReadInt32();
            Kind = (MessageKind)reader.ReadInt32();
            Flags = (MessageFlags)reader.ReadInt32();
            Method = Text(ref reader, version);
            _requestIdType = reader.NextMessagePackType;
            switch (_requestIdType)
            {
                case MessagePackType.Integer:
                    _requestNumber = reader.ReadInt64();
                    break;
                case MessagePackType.Binary:
                    _requestId = Bounded(reader.ReadBytes(), version);
                    break;
                default:
                    _requestId = Text(ref reader, version);
                    break;
            }

            _exchangeId = Text(ref reader, version);
            _protocolVersion = Text(ref reader, version);
            _metadata = SkipMetadata(ref reader, encoded, version);
            var payload = reader.ReadBytes() ?? throw new FrameFormatException("the frame has no payload", version);
            PayloadLength = checked((int)payload.Length);
            _payloadStart = checked((int)reader.Consumed) - PayloadLength;
            SkipElements(ref reader, elements - MinElements);
            if (!reader.End)
            {
                throw new FrameFormatException("bytes follow the frame", version);
            }
        }
        catch (Exception exception) when (exception is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentException)
        {
            throw new FrameFormatException("the frame is damaged", version, exception);
        }
    }

    public MessageDirection Direction { get; }

    public DateTimeOffset Timestamp { get; }

    public TransportType TransportType { get; }

    public MessageKind Kind { get; }

    public MessageFlags Flags { get; }

    /// <summary>The method in UTF-8; empty where there is none.</summary>
    public ReadOnlySpan<byte> Method { get; }

    public int PayloadLength { get; }

    public MessageEnvelope ToEnvelope(SessionId sessionId, long sequence, ReadOnlyMemory<byte> encoded)
    {
        try
        {
            var header = new JsonRpcHeader(Kind, Known(Method), RequestIdValue(), Known(_protocolVersion));
            return new MessageEnvelope(sessionId, Direction, TransportType, encoded.Slice(_payloadStart, PayloadLength), Timestamp, header)
            {
                Sequence = sequence,
                ExchangeId = _exchangeId.IsEmpty ? null : Encoding.UTF8.GetString(_exchangeId),
                Flags = Flags,
                Metadata = ReadMetadata(),
            };
        }
        catch (ArgumentException exception)
        {
            // The envelope refuses what no writer of this library could have given it: an undefined enum value, a control character.
            throw new FrameFormatException("the frame holds a value out of bounds", FrameFormat.Version, exception);
        }
    }

    private static string? Known(ReadOnlySpan<byte> utf8) =>
        utf8.IsEmpty ? null : KnownText.Get(utf8) ?? Encoding.UTF8.GetString(utf8);

    private static ReadOnlySpan<byte> Text(scoped ref MessagePackReader reader, long? version) => Bounded(reader.ReadStringSequence(), version);

    private static ReadOnlySpan<byte> Bounded(ReadOnlySequence<byte>? bytes, long? version) => bytes switch
    {
        null => [],
        { Length: > MaxTextBytes } => throw new FrameFormatException($"a text of the frame has more than {MaxTextBytes} bytes", version),
        { } text => text.FirstSpan, // one segment: the reader was made of one array
    };

    private static ReadOnlyMemory<byte> SkipMetadata(ref MessagePackReader reader, ReadOnlyMemory<byte> encoded, long? version)
    {
        if (reader.TryReadNil())
        {
            return default;
        }

        var start = (int)reader.Consumed;
        var count = reader.ReadMapHeader();
        if (count > MaxMetadata)
        {
            throw new FrameFormatException($"the frame has more than {MaxMetadata} metadata entries", version);
        }

        for (var i = 0; i < count * 2; i++)
        {
            _ = Text(ref reader, version);
        }

        return encoded[start..(int)reader.Consumed];
    }

    /// <summary>Passes elements of a later version by, whatever they are, without recursion: depth costs nothing.</summary>
    private static void SkipElements(ref MessagePackReader reader, long count)
    {
        for (var left = count; left > 0; left--)
        {
            switch (reader.NextMessagePackType)
            {
                case MessagePackType.Array:
                    left += reader.ReadArrayHeader();
                    break;
                case MessagePackType.Map:
                    left += 2L * reader.ReadMapHeader();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private RequestId? RequestIdValue() => _requestIdType switch
    {
        MessagePackType.Nil => null,
        MessagePackType.Integer => RequestId.FromNumber(_requestNumber),
        MessagePackType.Binary => RequestId.FromLiteral(_requestId),
        _ => RequestId.FromString(Encoding.UTF8.GetString(_requestId)),
    };

    private FrameMetadata ReadMetadata()
    {
        if (_metadata.IsEmpty)
        {
            return FrameMetadata.None;
        }

        var reader = new MessagePackReader(_metadata);
        var count = reader.ReadMapHeader();
        var entries = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var key = reader.ReadString() ?? throw new FrameFormatException("a metadata key is nil", FrameFormat.Version);
            entries[key] = reader.ReadString() ?? throw new FrameFormatException("a metadata value is nil", FrameFormat.Version);
        }

        return FrameMetadata.Adopt(entries);
    }
}
