namespace Shadowcat.Sessions.Inspector;

/// <summary>How many frames a second the pages that are behind read, all of them together: so that open pages, however many, leave the processors to those who write.</summary>
internal sealed class ReadingBudget(TimeProvider time)
{
    public const int FramesPerSecond = 20_000;

    private readonly Lock _lock = new();
    private long _usedUntil;

    /// <summary>Uses some of it for frames that were read.</summary>
    /// <returns>How long the reader waits before it reads on.</returns>
    public TimeSpan Use(int frames)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _usedUntil = Math.Max(_usedUntil, now) + (frames * time.TimestampFrequency / FramesPerSecond);
            return time.GetElapsedTime(now, _usedUntil);
        }
    }
}
