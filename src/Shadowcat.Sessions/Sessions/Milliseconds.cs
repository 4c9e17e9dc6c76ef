namespace Shadowcat.Sessions;

/// <summary>Brings times to the resolution they are stored in, so that what is read equals what was written.</summary>
internal static class Milliseconds
{
    public static DateTimeOffset Truncate(DateTimeOffset value) =>
        new(value.UtcTicks - (value.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
