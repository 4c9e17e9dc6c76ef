namespace Shadowcat.Sessions.Sqlite;

/// <summary>What was created, updated or deleted of late, in the order it was: how a cache in another process learns of it.</summary>
internal static class ChangeLog
{
    /// <summary>So many changes are kept. A reader that falls further behind knows by the gap that it missed some.</summary>
    private const int Kept = 4096;

    /// <summary>Old ones are taken away with one change in so many.</summary>
    private const int TrimEvery = 256;

    private static readonly SqlText Insert = new("INSERT INTO changes (id, generation, version) VALUES (?1, ?2, ?3) RETURNING number");
    private static readonly SqlText Trim = new("DELETE FROM changes WHERE number <= ?1");
    private static readonly SqlText SelectLast = new("SELECT max(number) FROM changes");
    private static readonly SqlText SelectSince = new("SELECT number, id, generation, version FROM changes WHERE number > ?1 ORDER BY number");

    /// <summary>Notes a change, in the transaction that makes it.</summary>
    public static void Add(StoreConnection connection, SessionId id, Guid generation, long version)
    {
        var number = connection.Use(Insert).Bind(1, id).Bind(2, generation).Bind(3, version).RunNumber();
        if (number % TrimEvery == 0)
        {
            connection.Use(Trim).Bind(1, number - Kept).Run();
        }
    }

    /// <summary>The number of the newest change; 0 where there was none.</summary>
    public static long Last(StoreConnection connection) => connection.Use(SelectLast).RunNumber() ?? 0;

    /// <summary>Reads the changes behind a number.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="last">The number of the newest change that is known; afterwards of the newest there is.</param>
    /// <param name="changes">Gets them.</param>
    /// <returns>False where some are no longer there.</returns>
    public static bool TryReadSince(StoreConnection connection, ref long last, List<SessionChange> changes)
    {
        var expected = last + 1;
        using var rows = connection.Use(SelectSince).Bind(1, last);
        while (rows.Step())
        {
            last = rows.GetInt64(0);
            changes.Add(new SessionChange(new SessionId(rows.GetText(1)), new Guid(rows.GetBytes(2), bigEndian: true), rows.GetInt64(3)));
        }

        return changes.Count == 0 || last - changes.Count + 1 == expected;
    }
}
