namespace Shadowcat.Sessions.Sqlite;

/// <summary>Takes away sessions that have expired, some at a time, so that no transaction grows without bound.</summary>
internal static class ReapSessions
{
    /// <summary>How many sessions go in one transaction.</summary>
    public const int BatchSessions = 100;

    private const int BatchTombstones = 1000;

    private static readonly SqlText Select = new($"SELECT {SessionRows.Columns} FROM sessions AS s WHERE expires <= ?1 ORDER BY expires LIMIT ?2");

    /// <returns>Which sessions are gone; fewer than a batch where no more have expired.</returns>
    public static List<SessionId> Run(StoreConnection connection, DateTimeOffset now)
    {
        var expired = new List<(SessionId Id, SessionRow Row)>();
        using (var found = connection.Use(Select).Bind(1, now.ToUnixTimeMilliseconds()).Bind(2, BatchSessions))
        {
            while (found.Step())
            {
                expired.Add((SessionRows.ReadId(found), SessionRows.Read(found)));
            }
        }

        foreach (var (id, row) in expired)
        {
            SessionEnd.Run(connection, row.Key);
            Tombstones.NoteExpired(connection, id, row, now);
        }

        Tombstones.Reap(connection, now, BatchTombstones);
        return expired.ConvertAll(static session => session.Id);
    }
}
