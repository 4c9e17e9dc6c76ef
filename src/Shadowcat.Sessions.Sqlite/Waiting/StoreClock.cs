namespace Shadowcat.Sessions.Sqlite;

/// <summary>The clock that decides what has expired: that of the machine, which all processes on it share.</summary>
internal sealed class StoreClock(TimeProvider time)
{
    public TimeProvider Time => time;

    /// <summary>The time in whole milliseconds.</summary>
    public DateTimeOffset Now => OfMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>A time as it is stored.</summary>
    public static DateTimeOffset OfMilliseconds(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
