namespace Shadowcat.Sessions;

/// <summary>The milliseconds in which the sessions of a listing may have been created, so that a store looks at no others.</summary>
/// <param name="Order">The order of the listing.</param>
/// <param name="Since">The first of them, since 1970; null where there is no bound.</param>
/// <param name="Before">The first behind them; null where there is no bound.</param>
internal readonly record struct CreationRange(SessionOrder Order, long? Since, long? Before)
{
    /// <summary>The range of a filter. Sessions are created at whole milliseconds, so a bound inside of one counts as its end.</summary>
    public static CreationRange Of(SessionFilter filter) => new(filter.Order, Ceiling(filter.CreatedSince), Ceiling(filter.CreatedBefore));

    private static long? Ceiling(DateTimeOffset? time) =>
        time is { } bound ? bound.ToUnixTimeMilliseconds() + (bound.UtcTicks % TimeSpan.TicksPerMillisecond > 0 ? 1 : 0) : null;
}
