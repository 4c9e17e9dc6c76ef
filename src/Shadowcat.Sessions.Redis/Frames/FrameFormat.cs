using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using MessagePack;

namespace Shadowcat.Sessions.Redis;

/// <summary>The stored form of a frame: one MessagePack array, byte by byte as described here. It is written here and read by <see cref="FrameReader"/>; scripts know of it that the last 8 bytes are the stamp.</summary>
/// <remarks>
/// <code>
/// offset  bytes            element
///      0  9D               array of 13 elements (DC/DD where a later version appends more)
///      1  01               [0]  format version: positive fixint 1
///      2  00..02           [1]  direction: MessageDirection
///      3  D6 FF + 4        [2]  timestamp: the MessagePack timestamp extension (type -1), UTC, 32, 64 or 96 bits
///         D7 FF + 8             as the time needs; nanoseconds, of which the last two digits are zero
///      …  00..04           [3]  transport: TransportType
///         00..04           [4]  kind: MessageKind
///         00..07           [5]  flags: MessageFlags
///         C0 | str         [6]  method, UTF-8, or nil
///         C0 | str|int|bin [7]  request id: a JSON string as str; a JSON number of 64 bits as int;
///                               any other JSON number as bin, the literal in ASCII; nil for none
///         C0 | str         [8]  exchange id or nil
///         C0 | str         [9]  protocol version or nil
///         C0 | map         [10] metadata: map of str to str, or nil for none
///         C4..C6 + n       [11] payload: bin, the bytes of the message
///         CF + 8           [12] stamp: uint 64, which distinguishes the frame from every other, also from one that
///                               says the same; a writer who does not know whether it was stored looks for it
/// </code>
/// <para>Session and sequence are not in it: the key and the place in the list say both. A later version of the library may append elements without
/// changing the format version; a reader skips what it does not know. A changed meaning of an element takes a new
/// format version, and a reader refuses one it does not know.</para>
/// </remarks>
/// <seealso href="https://github.com/msgpack/msgpack/blob/master/spec.md"/>
internal static class FrameFormat
{
    public const int Version = 1;

    private const int ElementCount = 13;

    private const int StampBytes = 9;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _header;

    /// <summary>Encodes a frame, with a stamp of its own, into an array of exactly its size; that array is all it allocates.</summary>
    public static byte[] Encode(MessageEnvelope frame) => Encode(frame, IdempotentFrame.NewKey());

    /// <summary>Encodes a frame with a stamp into an array of exactly its size.</summary>
    public static byte[] Encode(MessageEnvelope frame, ulong stamp)
    {
        var (header, length) = Prepare(frame);
        var encoded = GC.AllocateUninitializedArray<byte>(length);
        Write(encoded, header, frame, stamp);
        return encoded;
    }

    /// <summary>Encodes what comes before the payload, and says how long the whole will be.</summary>
    /// <returns>A header for <see cref="Write(Span{byte}, ReadOnlySpan{byte}, MessageEnvelope, ulong)"/>, good until this thread encodes another frame.</returns>
    public static PreparedFrame Prepare(MessageEnvelope frame)
    {
        var header = WriteHeader(frame);
        return new PreparedFrame(header, header.Length + BinHeaderLength(frame.Payload.Length) + frame.Payload.Length + StampBytes);
    }

    /// <summary>Writes a frame that was prepared into a place of exactly its length.</summary>
    public static void Write(Span<byte> destination, ReadOnlySpan<byte> header, MessageEnvelope frame, ulong stamp)
    {
        header.CopyTo(destination);
        destination = destination[header.Length..];
        destination = destination[WriteBinHeader(destination, frame.Payload.Length)..];
        frame.Payload.Span.CopyTo(destination);
        destination = destination[frame.Payload.Length..];
        destination[0] = MessagePackCode.UInt64;
        BinaryPrimitives.WriteUInt64BigEndian(destination[1..], stamp);
    }

    /// <summary>Encodes a frame into a buffer that the caller reuses.</summary>
    public static void Write(IBufferWriter<byte> buffer, MessageEnvelope frame, ulong stamp)
    {
        var writer = new MessagePackWriter(buffer);
        WriteHeader(ref writer, frame);
        writer.Write(frame.Payload.Span);
        writer.WriteUInt64(stamp);
        writer.Flush();
    }

    /// <summary>Decodes a frame. Its payload is a copy.</summary>
    /// <exception cref="FrameFormatException">The bytes are not a frame of a version this library reads.</exception>
    public static MessageEnvelope Decode(SessionId sessionId, long sequence, ReadOnlySpan<byte> encoded) =>
        new FrameReader(encoded).Borrow(sessionId, sequence, new StoredTextDecoder()).ToEnvelope();

    private static ReadOnlySpan<byte> WriteHeader(MessageEnvelope frame)
    {
        var buffer = _header ??= new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        var writer = new MessagePackWriter(buffer);
        WriteHeader(ref writer, frame);
        writer.Flush();
        return buffer.WrittenSpan;
    }

    private static void WriteHeader(ref MessagePackWriter writer, MessageEnvelope frame)
    {
        writer.WriteArrayHeader(ElementCount);
        writer.Write(Version);
        writer.Write((int)frame.Direction);
        writer.Write(frame.Timestamp.UtcDateTime);
        writer.Write((int)frame.TransportType);
        writer.Write((int)frame.Kind);
        writer.Write((int)frame.Flags);
        writer.Write(frame.Method);
        WriteRequestId(ref writer, frame.RequestId);
        writer.Write(frame.ExchangeId);
        writer.Write(frame.ProtocolVersion);
        WriteMetadata(ref writer, frame.Metadata);
    }

    private static void WriteRequestId(ref MessagePackWriter writer, RequestId? id)
    {
        if (id is not { } value)
        {
            writer.WriteNil();
        }
        else if (!value.IsNumber)
        {
            writer.Write(value.Value);
        }
        else if (value.TryGetInt64(out var number))
        {
            writer.Write(number);
        }
        else
        {
            writer.Write(Encoding.ASCII.GetBytes(value.Value));
        }
    }

    private static void WriteMetadata(ref MessagePackWriter writer, FrameMetadata metadata)
    {
        if (metadata.Count == 0)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteMapHeader(metadata.Count);
        foreach (var (key, value) in metadata)
        {
            writer.Write(key);
            writer.Write(value);
        }
    }

    private static int BinHeaderLength(int length) => length switch
    {
        <= byte.MaxValue => 2,
        <= ushort.MaxValue => 3,
        _ => 5,
    };

    private static int WriteBinHeader(Span<byte> destination, int length)
    {
        switch (length)
        {
            case <= byte.MaxValue:
                destination[0] = MessagePackCode.Bin8;
                destination[1] = (byte)length;
                return 2;
            case <= ushort.MaxValue:
                destination[0] = MessagePackCode.Bin16;
                BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)length);
                return 3;
            default:
                destination[0] = MessagePackCode.Bin32;
                BinaryPrimitives.WriteUInt32BigEndian(destination[1..], (uint)length);
                return 5;
        }
    }
}
