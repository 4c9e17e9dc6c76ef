namespace Shadowcat.Sessions.Sqlite;

/// <summary>Replaces what the application owns of a session, where it is still as it was read.</summary>
internal static class UpdateSession
{
    private static readonly SqlText Update = new("""
        UPDATE sessions SET version = ?2, ttl = ?3, max_lifetime = ?4, expires = ?5, quiet = 0, description = ?6 WHERE key = ?1
        """);

    /// <exception cref="SessionConflictException">It is not.</exception>
    /// <exception cref="SessionNotFoundException">There is no such session.</exception>
    public static Session Run(StoreConnection connection, Session session, DateTimeOffset now, SessionStoreOptions options)
    {
        var row = SessionRows.Require(connection, Operations.UpdateSession, session.Id, now);
        if (row.Version != session.Version || row.Generation != session.Generation)
        {
            throw new SessionConflictException(
                Operations.UpdateSession, SessionRows.FindSession(connection, Operations.UpdateSession, session.Id, now)!, session.Version);
        }

        var updated = SessionLifetime.Update(session, row.Stored, row.Born, options);
        connection.Use(Update)
            .Bind(1, row.Key)
            .Bind(2, updated.Version)
            .Bind(3, (long)updated.TimeToLive!.Value.TotalMilliseconds)
            .Bind(4, (long?)updated.MaxLifetime?.TotalMilliseconds)
            .Bind(5, updated.ExpiresAt.ToUnixTimeMilliseconds())
            .BindText(6, SessionDescription.Write(updated))
            .Run();
        ChangeLog.Add(connection, updated.Id, updated.Generation, updated.Version);
        return updated;
    }
}
