using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Updates a session by <c>update-session.lua</c>.</summary>
internal static class UpdateSession
{
    /// <summary>How many are updated by one call of the script. The server answers no other caller meanwhile, for about 1 ms.</summary>
    private const int MaxTogether = 32;

    private static readonly ListScript Script = new("update-session", changesToken: true, MaxTogether, static partition => [partition.Active, partition.Expiry, partition.Index]);

    public static async Task<Session> RunAsync(
        RedisTarget target, RedisPartition partition, Session session, string operation, SessionStoreOptions options, RecordLifetimes records, CallTries tries)
    {
        var id = session.Id;
        var reply = await tries.RunAsync(() => Script.EvaluateAsync(
            target,
            partition,
            id,
            [SessionHash.Format, (long)records.Repetition.TotalMilliseconds, partition.Changes, partition.Followed],
            [
                id.Value,
                SessionHash.Generation(session),
                session.Version,
                operation,
                SessionHash.Lifetime(session.TimeToLive ?? options.TimeToLive),
                SessionHash.Lifetime(session.MaxLifetime ?? options.MaxLifetime),
                SessionDescription.Write(session),
            ])).ConfigureAwait(false);
        return (string?)reply[0] switch
        {
            "updated" => SessionHash.Complete(session, options, ((RedisValue[])reply!).AsSpan(1)),
            "repeated" => await CurrentAsync(target.Database, partition, id, tries).ConfigureAwait(false) is var current && current.Generation == session.Generation
                ? current
                : throw CallTries.Ended(Operations.UpdateSession, id),
            "conflict" => throw Conflict(await CurrentAsync(target.Database, partition, id, tries).ConfigureAwait(false), session, tries),
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
