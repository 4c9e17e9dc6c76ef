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
}
