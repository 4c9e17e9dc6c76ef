namespace Shadowcat.Sessions.Redis;

/// <summary>Reckons with the timestamps of a time provider.</summary>
internal static class Timestamps
{
    /// <summary>The timestamp so much after another, or before.</summary>
    public static long Add(this TimeProvider time, long timestamp, TimeSpan elapsed) => timestamp + (long)(elapsed.TotalSeconds * time.TimestampFrequency);
}
