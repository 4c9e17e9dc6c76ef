using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Shadowcat.Sessions.DataProtection;

/// <summary>Protects what a frame carries, and ties it to what is readable of it.</summary>
/// <remarks>
/// <para>Protected are payload and metadata, as one: the length of the metadata in 4 bytes, little-endian; key and value by turns, each with its length in 4 bytes in
/// front, in UTF-8; the payload. It is stored as the payload of the frame, with <see cref="Mark"/> as its metadata.</para>
/// <para>The session's id, its generation and everything readable are part of the purpose, so that a frame that was moved to another session or a later generation of the id, or whose direction,
/// time or method was changed, cannot be unprotected. The sequence is not: the store assigns it after the frame was protected. Version 1, which is only read, had no generation.</para>
/// </remarks>
/// <seealso href="https://learn.microsoft.com/aspnet/core/security/data-protection/consumer-apis/purpose-strings"/>
internal sealed class FrameProtection(IDataProtectionProvider provider)
{
    /// <summary>Says in the metadata of a stored frame that it is protected, and how.</summary>
    public const string MarkKey = "shadowcat.protected";

    private const string Version = "2";
    private const string Purpose = "Shadowcat.Sessions.Frame.v2";
    private const string EarlierVersion = "1";
    private const string EarlierPurpose = "Shadowcat.Sessions.Frame.v1";
    private static readonly FrameMetadata Mark = FrameMetadata.Create([new(MarkKey, Version)]);

    public static bool IsProtected(MessageEnvelope stored) => stored.Metadata.ContainsKey(MarkKey);

    public static bool IsOfVersion1(MessageEnvelope stored) => stored.Metadata.TryGetValue(MarkKey, out var version) && version == EarlierVersion;

    /// <summary>The frame as it is stored.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="generation">The generation of the session that it is meant for.</param>
    /// <exception cref="CryptographicException">There is no key to protect with.</exception>
    public MessageEnvelope Protect(MessageEnvelope frame, Guid generation) =>
        frame with { Payload = ProtectorOf(frame, Purpose, generation.ToString("N")).Protect(Pack(frame)), Metadata = Mark };

    /// <summary>The frame as it was given.</summary>
    /// <param name="stored">The frame as it is stored.</param>
    /// <param name="generation">The generation of the session that it is read from.</param>
    /// <exception cref="CryptographicException">It was changed or is of another generation of the id, or its key is not there.</exception>
    public MessageEnvelope Unprotect(MessageEnvelope stored, Guid generation)
    {
        var protector = stored.Metadata[MarkKey] switch
        {
            Version => ProtectorOf(stored, Purpose, generation.ToString("N")),
            EarlierVersion => ProtectorOf(stored, EarlierPurpose),
            _ => throw new CryptographicException("The frame is protected in a way that this version of the library does not know."),
        };
        return Unpack(stored, protector.Unprotect(stored.Payload.ToArray()));
    }

    private IDataProtector ProtectorOf(MessageEnvelope frame, string purpose, params ReadOnlySpan<string> generation) => provider.CreateProtector(
    [
        purpose,
        frame.SessionId.Value,
        .. generation,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{frame.Direction:D} {frame.Timestamp.UtcTicks} {frame.TransportType:D} {frame.Kind:D} {frame.Flags:D} {(frame.RequestId is { } id ? id.IsNumber ? "number" : "text" : "none")}"),
        Part(frame.Method),
        Part(frame.RequestId?.Value),
        Part(frame.ExchangeId),
        Part(frame.ProtocolVersion),
    ]);

    /// <summary>Distinguishes what is absent from what is empty.</summary>
    private static string Part(string? text) => text is null ? "" : "=" + text;

    private static byte[] Pack(MessageEnvelope frame)
    {
        var metadata = frame.Metadata.Sum(entry => (2 * sizeof(int)) + Encoding.UTF8.GetByteCount(entry.Key) + Encoding.UTF8.GetByteCount(entry.Value));
        var packed = new byte[sizeof(int) + metadata + frame.Payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(packed, metadata);
        var place = sizeof(int);
        foreach (var (key, value) in frame.Metadata)
        {
            place = Write(packed, place, key);
            place = Write(packed, place, value);
        }

        frame.Payload.Span.CopyTo(packed.AsSpan(place));
        return packed;
    }

    private static int Write(byte[] packed, int place, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, packed.AsSpan(place + sizeof(int)));
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(place), length);
        return place + sizeof(int) + length;
    }

    /// <remarks>What was unprotected was packed by this class: nothing else has the key.</remarks>
    private static MessageEnvelope Unpack(MessageEnvelope stored, byte[] packed)
    {
        var end = sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(packed);
        var entries = new List<KeyValuePair<string, string>>();
        for (var place = sizeof(int); place < end;)
        {
            entries.Add(new(Read(packed, ref place), Read(packed, ref place)));
        }

        return stored with { Payload = packed.AsMemory(end), Metadata = FrameMetadata.Create(entries) };
    }

    private static string Read(byte[] packed, ref int place)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(packed.AsSpan(place));
        var text = Encoding.UTF8.GetString(packed, place + sizeof(int), length);
        place += sizeof(int) + length;
        return text;
    }
}
