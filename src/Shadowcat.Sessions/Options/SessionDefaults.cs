namespace Shadowcat.Sessions;

/// <summary>What a session looks like at the moment it is created: the application's part as given, the store's part at its beginning.</summary>
internal static class SessionDefaults
{
    public static Session Fill(Session session, DateTimeOffset now, SessionStoreOptions options)
    {
        var timeToLive = session.TimeToLive ?? options.TimeToLive;
        var maxLifetime = session.MaxLifetime ?? options.MaxLifetime;
        return session with
        {
            CreatedAt = session.CreatedAt == default ? now : session.CreatedAt,
            TimeToLive = timeToLive,
            MaxLifetime = maxLifetime,
            FrameCount = 0,
            FirstSequence = 0,
            LastActivity = now,
            ExpiresAt = Lifetime.Deadline(current: default, now, born: now, timeToLive, maxLifetime),
            Version = 1,
        };
    }
}
