namespace Shadowcat.Sessions.Sqlite;

/// <summary>Takes away a session with its frames.</summary>
internal static class SessionEnd
{
    private static readonly SqlText DeleteFrameRows = new("DELETE FROM frames WHERE place >= ?1 AND place < ?2");
    private static readonly SqlText DeleteRow = new("DELETE FROM sessions WHERE key = ?1");

    public static void Run(StoreConnection connection, long key)
    {
        connection.Use(DeleteFrameRows).Bind(1, FramePlace.Of(key, 0)).Bind(2, FramePlace.Of(key + 1, 0)).Run();
        connection.Use(DeleteRow).Bind(1, key).Run();
    }
}
