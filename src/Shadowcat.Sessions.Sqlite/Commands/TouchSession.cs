namespace Shadowcat.Sessions.Sqlite;

/// <summary>Notes activity of a session.</summary>
internal static class TouchSession
{
    /// <returns>The activity; null where no session lives.</returns>
    public static SessionActivity? Run(StoreConnection connection, SessionId id, DateTimeOffset now)
    {
        if (SessionRows.Find(connection, id) is not { } row || !row.IsLive(now))
        {
            return null;
        }

        var active = row.WithActivity(now);
        SessionActivityRow.Write(connection, active);
        return new SessionActivity(id, active.Active, expiresAt: active.Expires);
    }
}
