using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Shadowcat.Sessions;

/// <summary>Numbers that no other frame of any process has: each process counts from a place of its own among 2^64.</summary>
internal static class FrameStamp
{
    private static ulong _last = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    public static ulong Next() => Interlocked.Increment(ref _last);
}
