using System.Buffers;
using System.Text;

namespace Shadowcat.Sessions;

/// <summary>Reads a stored frame in place: the header at once and without garbage, text only where it is asked for. The form is that of <see cref="FrameFormat"/>.</summary>
/// <remarks>The bytes are untrusted: what no writer of this library could have written is refused when the reader is made, so that nothing it is asked later can fail.</remarks>
internal readonly ref struct FrameReader
{
    private const int MinElements = 12;
    private const int MaxTextBytes = 64 * 1024;
    private const int MaxMetadata = 1024;

    /// <summary>Control characters, and the byte that those from U+0080 to U+009F begin with.</summary>
    private static readonly SearchValues<byte> Suspicious = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code), 0x7F, 0xC2]);

    private readonly ReadOnlySpan<byte> _method;
    private readonly ReadOnlySpan<byte> _requestId;
    private readonly ReadOnlySpan<byte> _exchangeId;
    private readonly ReadOnlySpan<byte> _protocolVersion;
    private readonly ReadOnlySpan<byte> _metadata;
    private readonly IdForm _idForm;
    private readonly long _idNumber;
    private readonly RepeatedText? _repeated;

    /// <summary>Reads the header of a frame.</summary>
    /// <param name="encoded">The frame.</param>
    /// <param name="repeated">What it may have in common with the frame before; null for nothing.</param>
    /// <exception cref="FrameFormatException">The bytes are not a frame of a version this library reads.</exception>
    public FrameReader(ReadOnlySpan<byte> encoded, RepeatedText? repeated = null)
    {
        _repeated = repeated;
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

            Direction = (MessageDirection)Bounded(bytes.ReadInt64(), (int)MessageDirection.Internal);
            Timestamp = bytes.ReadTimestamp();
            TransportType = (TransportType)Bounded(bytes.ReadInt64(), (int)TransportType.WebSocket);
            Kind = (MessageKind)Bounded(bytes.ReadInt64(), (int)MessageKind.Notification);
            Flags = (MessageFlags)Bounded(bytes.ReadInt64(), (int)MessageEnvelope.AllFlags);
            _method = ReadText(ref bytes, MessageEnvelope.MaxMethodLength);
            (_idForm, _idNumber) = ReadRequestId(ref bytes, out _requestId);
            _exchangeId = ReadText(ref bytes, MessageEnvelope.MaxIdLength);
            _protocolVersion = ReadText(ref bytes, VersionState.MaxVersionLength);
            _metadata = ReadMetadata(ref bytes, encoded);
            Payload = bytes.ReadBinary();
            bytes.Skip(elements - MinElements);
            if (bytes.Left > 0)
            {
                throw new FormatException("Bytes follow the frame.");
            }

            if (Timestamp < DateTimeOffset.UnixEpoch)
            {
                throw new FormatException("A frame's time is not before 1970.");
            }
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new FrameFormatException("the frame is damaged", version, exception);
        }
    }

    private enum IdForm
    {
        None,
        Number,
        Literal,
        Text,
    }

    public MessageDirection Direction { get; }

    public DateTimeOffset Timestamp { get; }

    public TransportType TransportType { get; }

    public MessageKind Kind { get; }

    public MessageFlags Flags { get; }

    public string? Method => Known(_method);

    public RequestId? RequestId => _idForm switch
    {
        IdForm.None => null,
        IdForm.Number => Sessions.RequestId.FromNumber(_idNumber),
        IdForm.Literal => Sessions.RequestId.FromLiteral(_requestId),
        _ => Sessions.RequestId.FromString(Encoding.UTF8.GetString(_requestId)),
    };

    public string? ExchangeId =>
        _repeated is not null ? _repeated.ExchangeId(_exchangeId)
        : _exchangeId.IsEmpty ? null
        : Encoding.UTF8.GetString(_exchangeId);

    public string? ProtocolVersion => Known(_protocolVersion);

    public FrameMetadata Metadata => _repeated?.Metadata(_metadata) ?? ReadMetadata(_metadata);

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The frame as one that may be kept, with a copy of the payload.</summary>
    public MessageEnvelope ToEnvelope(SessionId sessionId, long sequence) =>
        new(sessionId, Direction, TransportType, Payload.ToArray(), Timestamp, new JsonRpcHeader(Kind, Method, RequestId, ProtocolVersion))
        {
            Sequence = sequence,
            ExchangeId = ExchangeId,
            Flags = Flags,
            Metadata = Metadata,
        };

    /// <summary>Reads a map of text that a frame holds; empty for none.</summary>
    public static FrameMetadata ReadMetadata(ReadOnlySpan<byte> stored)
    {
        if (stored.IsEmpty)
        {
            return FrameMetadata.None;
        }

        var bytes = new MessagePackBytes(stored);
        var count = (int)bytes.ReadMapHeader();
        var entries = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var key = Encoding.UTF8.GetString(bytes.ReadText());
            entries[key] = Encoding.UTF8.GetString(bytes.ReadText());
        }

        return FrameMetadata.Adopt(entries);
    }

    private static string? Known(ReadOnlySpan<byte> utf8) =>
        utf8.IsEmpty ? null : KnownText.Get(utf8) ?? Encoding.UTF8.GetString(utf8);

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

    private static (IdForm Form, long Number) ReadRequestId(scoped ref MessagePackBytes bytes, out ReadOnlySpan<byte> text)
    {
        text = [];
        if (bytes.TryReadNil())
        {
            return (IdForm.None, 0);
        }

        if (bytes.IsInteger)
        {
            return (IdForm.Number, bytes.ReadInt64());
        }

        var isLiteral = bytes.IsBinary;
        text = isLiteral ? bytes.ReadBinary() : bytes.ReadText();
        return !IsLongerThan(text, Sessions.RequestId.MaxLength)
            ? (isLiteral ? IdForm.Literal : IdForm.Text, 0)
            : throw new FormatException("A request id is too long.");
    }

    private static ReadOnlySpan<byte> ReadMetadata(scoped ref MessagePackBytes bytes, ReadOnlySpan<byte> encoded)
    {
        if (bytes.TryReadNil())
        {
            return [];
        }

        var start = encoded.Length - bytes.Left;
        var count = bytes.ReadMapHeader();
        if (count > MaxMetadata)
        {
            throw new FormatException($"There are more than {MaxMetadata} metadata entries.");
        }

        for (var i = 0; i < count * 2; i++)
        {
            if (bytes.ReadText().Length > MaxTextBytes)
            {
                throw new FormatException($"A metadata entry has more than {MaxTextBytes} bytes.");
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
