namespace Shadowcat.Sessions;

/// <summary>A page of a listing.</summary>
public sealed record SessionPage
{
    /// <summary>How many sessions a page looks at, matching or not, before it ends.</summary>
    private const int LookedAtPerPage = 1000;

    /// <summary>Makes a page, as a store does.</summary>
    /// <param name="sessions">The sessions of the page; may be fewer than asked for, or none, where few sessions match the filter.</param>
    /// <param name="continuationToken">The token to ask for the next page with; null on the last page.</param>
    /// <exception cref="ArgumentNullException"><paramref name="sessions"/> is null.</exception>
    public SessionPage(IReadOnlyList<Session> sessions, string? continuationToken)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        Sessions = sessions;
        ContinuationToken = continuationToken;
    }

    /// <summary>The sessions of the page; may be fewer than asked for, or none, where few sessions match the filter.</summary>
    public IReadOnlyList<Session> Sessions { get; init; }

    /// <summary>The token to ask for the next page with; null on the last page.</summary>
    public string? ContinuationToken { get; init; }

    /// <summary>Takes a page of sessions that are all in memory, in the order of a filter: for a store that has no index. Costs as much as there are sessions.</summary>
    /// <param name="sessions">The live sessions, in any order.</param>
    /// <param name="filter">Which ones, and in which order; null for all, the oldest first.</param>
    /// <param name="pageSize">How many sessions at most, 1 to 1000.</param>
    /// <param name="continuationToken">The token of the page before; null for the first page.</param>
    /// <exception cref="ArgumentException">The token is not one of a listing in this order.</exception>
    public static SessionPage Take(IEnumerable<Session> sessions, SessionFilter? filter, int pageSize, string? continuationToken)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        var wanted = filter ?? SessionFilter.None;
        var token = PageToken.Parse(continuationToken, wanted.Order);
        var isDescending = wanted.Order == SessionOrder.NewestFirst;
        var left = sessions.Where(session => token is null || (isDescending ? SessionPlace.Of(session) < token.After : SessionPlace.Of(session) > token.After));
        List<Session> page = [];
        var looked = 0;
        Session? last = null;
        foreach (var session in isDescending ? left.OrderByDescending(SessionPlace.Of) : left.OrderBy(SessionPlace.Of))
        {
            if (page.Count == pageSize || looked == LookedAtPerPage)
            {
                return new SessionPage(page, new PageToken(wanted.Order, SessionPlace.Of(last!)).ToString());
            }

            looked++;
            last = session;
            if (wanted.Matches(session))
            {
                page.Add(session);
            }
        }

        return new SessionPage(page, null);
    }
}
