namespace Shadowcat.Sessions.Sqlite;

/// <summary>Where a frame lies in the table of frames: the key of its session in the upper 31 bits, and its number in the session in the lower 32.</summary>
internal static class FramePlace
{
    public const int NumberBits = 32;

    /// <summary>The greatest number of a frame in its session, counted from the first that was ever appended.</summary>
    public const long MaxNumber = (1L << NumberBits) - 1;

    /// <summary>The greatest key of a session: the place behind its last frame is a number, too. Behind it, keys are given again whose sessions have ended.</summary>
    public const long MaxKey = (1L << 31) - 2;

    /// <summary>The place of a frame.</summary>
    public static long Of(long key, long number) => (key << NumberBits) | number;

    /// <summary>The number of the frame at a place.</summary>
    public static long NumberAt(long place) => place & MaxNumber;
}
