using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The id of an event, by which a client resumes a stream: session, stream and sequence. It is opaque for clients.</summary>
/// <remarks>
/// <c>1</c> for the format, then Base64Url of the 8 bytes of the number of the stream, 8 bytes of the sequence of its frame (both big-endian), and the session id in UTF-8. The number of a stream is
/// random, so an id that was not issued finds no event, neither of another stream nor of another generation of one.
/// </remarks>
/// <param name="SessionId">The id that the transport gave the session.</param>
/// <param name="Stream">The random number of the stream.</param>
/// <param name="Sequence">The sequence of the event's frame.</param>
internal readonly record struct EventId(string SessionId, ulong Stream, long Sequence)
{
    private const char Format = '1';
    private const int HeadBytes = 16;
    private const int MaxLength = 2048;
    private const int StackBytes = 128;

    public override string ToString()
    {
        Span<byte> buffer = stackalloc byte[StackBytes];
        var length = HeadBytes + Encoding.UTF8.GetByteCount(SessionId);
        var bytes = length <= StackBytes ? buffer[..length] : new byte[length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Stream);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Sequence);
        Encoding.UTF8.GetBytes(SessionId, bytes[HeadBytes..]);
        return string.Create(1 + Base64Url.GetEncodedLength(length), (ReadOnlySpan<byte>)bytes, static (text, bytes) =>
        {
            text[0] = Format;
            Base64Url.EncodeToChars(bytes, text[1..]);
        });
    }

    /// <summary>Reads an id that a client sent; false for every text that <see cref="ToString"/> does not write.</summary>
    public static bool TryParse(string text, out EventId id)
    {
        id = default;
        if (text.Length is < 2 or > MaxLength || text[0] != Format || !Base64Url.IsValid(text.AsSpan(1), out var length) || length <= HeadBytes)
        {
            return false;
        }

        var bytes = Base64Url.DecodeFromChars(text.AsSpan(1));
        var sequence = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(8));
        if (sequence < 0 || !Utf8.IsValid(bytes.AsSpan(HeadBytes)))
        {
            return false;
        }

        id = new EventId(Encoding.UTF8.GetString(bytes.AsSpan(HeadBytes)), BinaryPrimitives.ReadUInt64BigEndian(bytes), sequence);

        // Base64Url can also be written with blanks, padding and other last bits.
        return string.Equals(id.ToString(), text, StringComparison.Ordinal);
    }
}
