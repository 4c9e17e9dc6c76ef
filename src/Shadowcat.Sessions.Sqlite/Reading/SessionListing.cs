namespace Shadowcat.Sessions.Sqlite;

/// <summary>Reads a page of sessions in the order of their creation, from the index of that order.</summary>
internal sealed class SessionListing(UnreadableSessions unreadable)
{
    /// <summary>How many sessions a page looks at, matching or not, before it ends.</summary>
    private const int LookedAtPerPage = 1000;

    /// <summary>Ids have visible characters only, which come behind the blank.</summary>
    private const string BeforeEveryId = " ";

    private static readonly SqlText OldestFirst = new($"""
        SELECT {SessionRows.Columns} FROM sessions AS s
        WHERE (created, id) > (?1, ?2) AND created < ?3 AND expires > ?4 ORDER BY created, id
        """);

    private static readonly SqlText NewestFirst = new($"""
        SELECT {SessionRows.Columns} FROM sessions AS s
        WHERE (created, id) < (?1, ?2) AND created >= ?3 AND expires > ?4 ORDER BY created DESC, id DESC
        """);

    public SessionPage Read(StoreConnection connection, SessionFilter filter, int pageSize, PageToken? token, DateTimeOffset now)
    {
        var page = new List<Session>();
        var looked = 0;
        using var rows = Rows(connection, CreationRange.Of(filter), token?.After, now);
        while (rows.Step())
        {
            if (page.Count == pageSize || looked == LookedAtPerPage)
            {
                return new SessionPage(page, token?.ToString());
            }

            looked++;
            var id = SessionRows.ReadId(rows);
            token = new PageToken(filter.Order, new SessionPlace(SessionRows.Read(rows).Created.ToUnixTimeMilliseconds(), id));
            if (TryRead(rows, id) is { } session && filter.Matches(session))
            {
                page.Add(session);
            }
        }

        return new SessionPage(page, continuationToken: null);
    }

    /// <summary>The live sessions of a range behind a place.</summary>
    private static Statement Rows(StoreConnection connection, CreationRange range, SessionPlace? after, DateTimeOffset now)
    {
        var isDescending = range.Order == SessionOrder.NewestFirst;
        var bound = isDescending ? new SessionPlace(range.Before ?? long.MaxValue, default) : new SessionPlace(range.Since ?? long.MinValue, default);
        var from = after is { } place && (isDescending ? place < bound : place > bound) ? place : bound;
        return connection.Use(isDescending ? NewestFirst : OldestFirst)
            .Bind(1, from.Created)
            .BindText(2, from.Id.IsDefault ? BeforeEveryId : from.Id.Value)
            .Bind(3, isDescending ? range.Since ?? long.MinValue : range.Before ?? long.MaxValue)
            .Bind(4, now.ToUnixTimeMilliseconds());
    }

    private Session? TryRead(Statement row, SessionId id)
    {
        try
        {
            return SessionRows.ReadSession(row, Operations.ListSessions, id);
        }
        catch (SessionSerializationException exception)
        {
            unreadable.PassOver(exception);
            return null;
        }
    }
}
