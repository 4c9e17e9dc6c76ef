namespace Shadowcat.Sessions.Sqlite;

/// <summary>Deletes a session with its frames, and leaves a tombstone.</summary>
internal static class DeleteSession
{
    /// <returns>The generation that ended; null where no session lived.</returns>
    public static Guid? Run(StoreConnection connection, SessionId id, DateTimeOffset now)
    {
        if (SessionRows.Find(connection, id) is not { } row || !row.IsLive(now))
        {
            return null;
        }

        SessionEnd.Run(connection, row.Key);
        Tombstones.NoteDeleted(connection, id, row, now);
        ChangeLog.Add(connection, id, row.Generation, version: 0);
        return row.Generation;
    }
}
