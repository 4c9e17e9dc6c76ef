using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Updates a session by <c>update-session.lua</c>.</summary>
internal static class UpdateSession
{
    private static readonly ListScript Script = new("update-session", changesToken: true);

    public static async Task<Session> RunAsync(
        IDatabase database, RedisPartition partition, Session session, string operation, SessionStoreOptions options, RecordLifetimes records, CallTries tries)
    {
        var id = session.Id;
        var reply = await tries.RunAsync(() => Script.EvaluateAsync(
            database,
            partition,
            id,
            [partition.Active, partition.Expiry, partition.Index],
            [
                id.Value,
                SessionHash.Format,
                SessionHash.Generation(session),
                session.Version,
                operation,
                (long)records.Repetition.TotalMilliseconds,
                SessionHash.Lifetime(session.TimeToLive ?? options.TimeToLive),
                SessionHash.Lifetime(session.MaxLifetime ?? options.MaxLifetime),
                partition.Changes,
                partition.Followed,
                SessionDescription.Write(session),
            ])).ConfigureAwait(false);
        return (string?)reply[0] switch
        {
            "updated" => SessionHash.Complete(session, options, ((RedisValue[])reply!).AsSpan(1)),
            "repeated" => await CurrentAsync(database, partition, id, tries).ConfigureAwait(false) is var current && current.Generation == session.Generation
                ? current
                : throw CallTries.Ended(Operations.UpdateSession, id),
            "conflict" => throw Conflict(await CurrentAsync(database, partition, id, tries).ConfigureAwait(false), session, tries),
            "format" => throw SessionHash.UnknownFormat(Operations.UpdateSession, id, (RedisValue)reply[1]),
            "damaged" => throw SessionHash.Damaged(Operations.UpdateSession, id),
            _ => throw tries.Gone(Operations.UpdateSession, id),
        };
    }

    /// <summary>The exception of an update whose session has changed: a conflict, unless the update may have been carried out before the session ended.</summary>
    private static SessionStoreException Conflict(Session current, Session session, CallTries tries) => tries.MayArriveLate && current.Generation != session.Generation
        ? CallTries.Ended(Operations.UpdateSession, session.Id)
        : new SessionConflictException(Operations.UpdateSession, current, session.Version);

    private static async Task<Session> CurrentAsync(IDatabase database, RedisPartition partition, SessionId id, CallTries tries) =>
        await ReadSessions.RunAsync(database, partition, Operations.UpdateSession, id).ConfigureAwait(false)
            ?? throw tries.Gone(Operations.UpdateSession, id);
}
