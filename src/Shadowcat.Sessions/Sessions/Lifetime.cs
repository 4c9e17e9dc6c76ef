namespace Shadowcat.Sessions;

/// <summary>The bounds of everything that says how long a session lives.</summary>
internal static class Lifetime
{
    public static readonly TimeSpan Min = TimeSpan.FromMilliseconds(1);
    public static readonly TimeSpan Max = TimeSpan.FromDays(3650);

    /// <summary>Refuses a lifetime out of bounds; what is shorter than a millisecond is cut off.</summary>
    public static TimeSpan? Check(TimeSpan? value, string what)
    {
        if (value is not { } lifetime)
        {
            return null;
        }

        return lifetime >= Min && lifetime <= Max
            ? TimeSpan.FromMilliseconds(Math.Floor(lifetime.TotalMilliseconds))
            : throw new ArgumentOutOfRangeException(nameof(value), lifetime, $"{what} is between 1 ms and 3650 days.");
    }

    /// <summary>When a session ends that is active now. The deadline moves in steps: where the one it has is still late enough, it stays.</summary>
    public static DateTimeOffset Deadline(DateTimeOffset current, DateTimeOffset now, DateTimeOffset born, TimeSpan timeToLive, TimeSpan? maxLifetime)
    {
        if (now + timeToLive <= current)
        {
            return current;
        }

        var sliding = now + timeToLive + Step(timeToLive);
        return maxLifetime is { } bound && born + bound < sliding ? born + bound : sliding;
    }

    /// <summary>How much later than needed a deadline may be, so that not every append has to move it: a 64th of the time to live, 1 ms to 1 s.</summary>
    private static TimeSpan Step(TimeSpan timeToLive) =>
        TimeSpan.FromMilliseconds(Math.Clamp(Math.Floor(timeToLive.TotalMilliseconds / 64), 1, 1000));
}
