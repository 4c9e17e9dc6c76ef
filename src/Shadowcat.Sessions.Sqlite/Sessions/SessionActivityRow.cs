namespace Shadowcat.Sessions.Sqlite;

/// <summary>Writes what activity and trimming change in the row of a session.</summary>
internal static class SessionActivityRow
{
    private static readonly SqlText Update = new("""
        UPDATE sessions SET active = ?2, ahead = ?3, expires = ?4, quiet = ?5, first = ?6, counted = ?7, bytes = ?8 WHERE key = ?1
        """);

    public static void Write(StoreConnection connection, SessionRow row) => connection.Use(Update)
        .Bind(1, row.Key)
        .Bind(2, row.Active.ToUnixTimeMilliseconds())
        .Bind(3, (long)row.Ahead.TotalMilliseconds)
        .Bind(4, row.Expires.ToUnixTimeMilliseconds())
        .Bind(5, row.Quiet.ToUnixTimeMilliseconds())
        .Bind(6, row.First)
        .Bind(7, row.Counted)
        .Bind(8, row.Bytes)
        .Run();
}
