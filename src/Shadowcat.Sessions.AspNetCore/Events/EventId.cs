using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>What a client resumes a stream by: the session, the stream, and the place of the event. For clients an opaque text.</summary>
/// <remarks>
/// <c>1</c> for the form, then Base64Url of the 8 bytes of the number of the stream, 8 bytes of the sequence of its frame (both big-endian), and the session id in UTF-8. The number of
/// a stream is random, so an id that was not handed out leads nowhere, neither to another stream nor to another life of one.
/// </remarks>
/// <param name="SessionId">What the transport calls the session.</param>
/// <param name="Stream">The random number of the stream.</param>
/// <param name="Sequence">The sequence of the event's frame.</param>
internal readonly record struct EventId(string SessionId, ulong Stream, long Sequence)
{
    private const char Form = '1';
    private const int HeadBytes = 16;
    private const int MaxLength = 2048;
    private const int StackBytes = 128;

    public override string ToString()
    {
        Span<byte> room = stackalloc byte[StackBytes];
        var length = HeadBytes + Encoding.UTF8.GetByteCount(SessionId);
        var bytes = length <= StackBytes ? room[..length] : new byte[length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Stream);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Sequence);
        Encoding.UTF8.GetBytes(SessionId, bytes[HeadBytes..]);
        return string.Create(1 + Base64Url.GetEncodedLength(length), (ReadOnlySpan<byte>)bytes, static (text, bytes) =>
        {
            text[0] = Form;
            Base64Url.EncodeToChars(bytes, text[1..]);
        });
    }

    /// <summary>Reads what a client sent; false for everything that <see cref="ToString"/> does not write.</summary>
    public static bool TryParse(string text, out EventId id)
    {
        id = default;
        if (text.Length is < 2 or > MaxLength || text[0] != Form || !Base64Url.IsValid(text.AsSpan(1), out var length) || length <= HeadBytes)
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

        // Base64Url can be written with blanks, padding and odd last bits.
        return string.Equals(id.ToString(), text, StringComparison.Ordinal);
    }
}
