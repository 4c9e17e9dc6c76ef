namespace Shadowcat.Sessions;

/// <summary>The milliseconds in which the sessions of a listing may have been created, so that a store looks at no others: for whoever writes a store.</summary>
public readonly record struct CreationRange
{
    private CreationRange(SessionOrder order, long? since, long? before)
    {
        Order = order;
        Since = since;
        Before = before;
    }

    /// <summary>The order of the listing.</summary>
    public SessionOrder Order { get; }

    /// <summary>The first millisecond of the range, since 1970; null where there is no bound.</summary>
    public long? Since { get; }

    /// <summary>The first millisecond after the range, since 1970; null where there is no bound.</summary>
    public long? Before { get; }

    /// <summary>The range of a filter. Sessions are created at whole milliseconds, so a bound inside of one counts as its end.</summary>
    /// <param name="filter">The filter.</param>
    public static CreationRange Of(SessionFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return new(filter.Order, Ceiling(filter.CreatedSince), Ceiling(filter.CreatedBefore));
    }

    private static long? Ceiling(DateTimeOffset? time) =>
        time is { } bound ? bound.ToUnixTimeMilliseconds() + (bound.UtcTicks % TimeSpan.TicksPerMillisecond > 0 ? 1 : 0) : null;
}
