using System.Buffers.Binary;

namespace Shadowcat.Sessions.Redis;

/// <summary>The idempotency key of a frame (<see cref="IdempotentFrame.Key"/>) in its stored form, which ends with it.</summary>
internal static class FrameStamp
{
    /// <summary>The stamp of a frame; 0 where that is too short to have one.</summary>
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
