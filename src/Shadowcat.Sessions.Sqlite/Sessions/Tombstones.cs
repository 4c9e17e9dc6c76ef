namespace Shadowcat.Sessions.Sqlite;

/// <summary>Which generations have ended of late, so that a late repetition of a create does not bring one back.</summary>
internal static class Tombstones
{
    /// <summary>For so long one is kept: from the end of a session that was deleted, and from the beginning of one that expired.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private static readonly SqlText Select = new("SELECT 1 FROM ended WHERE id = ?1 AND generation = ?2");
    private static readonly SqlText Insert = new("INSERT OR REPLACE INTO ended (id, generation, until) VALUES (?1, ?2, ?3)");
    private static readonly SqlText DeleteDue = new("DELETE FROM ended WHERE (id, generation) IN (SELECT id, generation FROM ended WHERE until <= ?1 ORDER BY until LIMIT ?2)");

    public static bool Contains(StoreConnection connection, Session session) =>
        connection.Use(Select).Bind(1, session.Id).Bind(2, session.Generation).RunNumber() is not null;

    /// <summary>Notes a session that is deleted.</summary>
    public static void NoteDeleted(StoreConnection connection, SessionId id, SessionRow row, DateTimeOffset now) => Note(connection, id, row.Generation, now + Kept, now);

    /// <summary>Notes a session that expired. One that has lived for longer than a repetition takes needs no tombstone.</summary>
    public static void NoteExpired(StoreConnection connection, SessionId id, SessionRow row, DateTimeOffset now)
    {
        if (row.Born + Kept > now)
        {
            Note(connection, id, row.Generation, row.Born + Kept, now);
        }
    }

    /// <summary>Takes away tombstones whose time is over.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="now">The time.</param>
    /// <param name="most">How many at most.</param>
    public static void Reap(StoreConnection connection, DateTimeOffset now, int most) => connection.Use(DeleteDue).Bind(1, now.ToUnixTimeMilliseconds()).Bind(2, most).Run();

    private static void Note(StoreConnection connection, SessionId id, Guid generation, DateTimeOffset until, DateTimeOffset now)
    {
        connection.Use(Insert).Bind(1, id).Bind(2, generation).Bind(3, until.ToUnixTimeMilliseconds()).Run();

        // More than one comes with each, so that they do not become more where nobody reaps.
        Reap(connection, now, most: 4);
    }
}
