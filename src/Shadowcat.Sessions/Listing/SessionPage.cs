namespace Shadowcat.Sessions;

/// <summary>A page of a listing.</summary>
public sealed record SessionPage
{
    /// <summary>Makes a page, as a store does.</summary>
    /// <param name="sessions">The sessions of the page; may be fewer than asked for, even none, where a filter passed many by.</param>
    /// <param name="continuationToken">What to ask the next page with; null on the last page.</param>
    /// <exception cref="ArgumentNullException"><paramref name="sessions"/> is null.</exception>
    public SessionPage(IReadOnlyList<Session> sessions, string? continuationToken)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        Sessions = sessions;
        ContinuationToken = continuationToken;
    }

    /// <summary>The sessions of the page; may be fewer than asked for, even none, where a filter passed many by.</summary>
    public IReadOnlyList<Session> Sessions { get; init; }

    /// <summary>What to ask the next page with; null on the last page.</summary>
    public string? ContinuationToken { get; init; }
}
