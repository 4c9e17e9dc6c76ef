using System.Globalization;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>Creates a session, or finds that it was created before.</summary>
internal static class CreateSession
{
    /// <summary>The key behind the greatest; where there is none left, the lowest that no session has.</summary>
    private static readonly SqlText SelectKey = new(string.Create(CultureInfo.InvariantCulture, $"""
        SELECT CASE WHEN (SELECT ifnull(max(key), 0) FROM sessions) < {FramePlace.MaxKey} THEN (SELECT ifnull(max(key), 0) + 1 FROM sessions)
        ELSE (SELECT k + 1 FROM (SELECT 0 AS k UNION ALL SELECT key FROM sessions) WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE key = k + 1) ORDER BY k LIMIT 1) END
        """));

    private static readonly SqlText Insert = new("""
        INSERT INTO sessions (key, id, generation, version, created, born, active, ahead, expires, ttl, max_lifetime, quiet, base, first, counted, bytes, description)
        VALUES (?1, ?2, ?3, 1, ?4, ?5, ?5, 0, ?6, ?7, ?8, 0, ?9, ?9, ?9, 0, ?10)
        """);

    /// <exception cref="SessionAlreadyExistsException">A live session of another generation has the id.</exception>
    /// <exception cref="SessionNotFoundException">This generation has ended.</exception>
    public static Session Run(StoreConnection connection, Session session, long firstSequence, DateTimeOffset now, SessionStoreOptions options)
    {
        var existing = SessionRows.Find(connection, session.Id);
        if (existing?.IsLive(now) == true)
        {
            return existing.Generation == session.Generation
                ? SessionRows.FindSession(connection, Operations.CreateSession, session.Id, now)!
                : throw new SessionAlreadyExistsException(Operations.CreateSession, session.Id);
        }

        if (existing?.Generation == session.Generation || Tombstones.Contains(connection, session))
        {
            throw new SessionNotFoundException(Operations.CreateSession, session.Id);
        }

        if (existing is not null)
        {
            SessionEnd.Run(connection, existing.Key);
            Tombstones.NoteExpired(connection, session.Id, existing, now);
        }

        var begun = SessionLifetime.Begin(session, firstSequence, now, options);
        connection.Use(Insert)
            .Bind(1, connection.Use(SelectKey).RunNumber())
            .Bind(2, begun.Id)
            .Bind(3, begun.Generation)
            .Bind(4, begun.CreatedAt.ToUnixTimeMilliseconds())
            .Bind(5, now.ToUnixTimeMilliseconds())
            .Bind(6, begun.ExpiresAt.ToUnixTimeMilliseconds())
            .Bind(7, (long)begun.TimeToLive!.Value.TotalMilliseconds)
            .Bind(8, (long?)begun.MaxLifetime?.TotalMilliseconds)
            .Bind(9, firstSequence)
            .BindText(10, SessionDescription.Write(begun))
            .Run();
        ChangeLog.Add(connection, begun.Id, begun.Generation, begun.Version);
        return begun;
    }
}
