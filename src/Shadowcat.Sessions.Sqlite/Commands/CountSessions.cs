namespace Shadowcat.Sessions.Sqlite;

/// <summary>Counts the sessions that live.</summary>
internal static class CountSessions
{
    private static readonly SqlText Select = new("SELECT count(*) FROM sessions WHERE expires > ?1");

    public static long Run(StoreConnection connection, DateTimeOffset now) => connection.Use(Select).Bind(1, now.ToUnixTimeMilliseconds()).RunNumber() ?? 0;
}
