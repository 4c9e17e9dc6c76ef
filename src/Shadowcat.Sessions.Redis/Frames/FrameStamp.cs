using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Shadowcat.Sessions;

/// <summary>Numbers that no other frame of any process has: each process counts from a place of its own among 2^64.</summary>
internal static class FrameStamp
{
    private static ulong _last = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    public static ulong Next() => Interlocked.Increment(ref _last);

    /// <summary>The stamp of a frame in its stored form, which ends with it; 0 where that is too short to have one.</summary>
    public static ulong Of(ReadOnlySpan<byte> encoded) =>
        encoded.Length < sizeof(ulong) ? 0 : BinaryPrimitives.ReadUInt64BigEndian(encoded[^sizeof(ulong)..]);

    /// <summary>A stamp as it stands in the stored form.</summary>
    public static byte[] Bytes(ulong stamp)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, stamp);
        return bytes;
    }
}
