using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Creates a session by <c>create-session.lua</c>.</summary>
internal static class CreateSession
{
    private static readonly RedisScript Script = new("create-session");

    /// <summary>Creates a session.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="partition">The partition of the session.</param>
    /// <param name="session">The session.</param>
    /// <param name="firstSequence">The sequence its frames begin at.</param>
    /// <param name="options">Where lifetimes come from that the session does not have.</param>
    /// <param name="records">How long idempotency records stay.</param>
    /// <param name="tries">What became of the tries before.</param>
    public static async Task<Session> RunAsync(
        IDatabase database, RedisPartition partition, Session session, long firstSequence, SessionStoreOptions options, RecordLifetimes records, CallTries tries)
    {
        var (id, token) = (session.Id, FencingToken.New());
        var reply = await tries.RunAsync(() => Script.EvaluateAsync(
            database,
            [partition.Session(id), partition.Active, partition.Expiry, partition.Index, partition.Operations],
            [
                id.Value,
                SessionHash.Generation(session),
                SessionHash.Lifetime(session.TimeToLive ?? options.TimeToLive),
                SessionHash.Lifetime(session.MaxLifetime ?? options.MaxLifetime),
                session.CreatedAt == default ? RedisValue.EmptyString : session.CreatedAt.ToUnixTimeMilliseconds(),
                SessionHash.Format,
                firstSequence,
                token,
                (long)records.Ended.TotalMilliseconds,
                (long)records.Repetition.TotalMilliseconds,
                tries.MayArriveLate,
                partition.Changes,
                OwnedPart.Pack(session),
            ])).ConfigureAwait(false);
        if ((string?)reply[0] is "created")
        {
            partition.Lists.Note(id, new KnownList(token, session.Generation, firstSequence));
        }

        return (string?)reply[0] switch
        {
            "created" => SessionHash.Complete(session, options, ((RedisValue[])reply!).AsSpan(1)),
            "same" => await ReadSessions.RunAsync(database, partition, Operations.CreateSession, id).ConfigureAwait(false) is { } created && created.Generation == session.Generation
                ? created
                : throw new SessionNotFoundException(Operations.CreateSession, id),
            "exists" => throw new SessionAlreadyExistsException(Operations.CreateSession, id),
            _ => throw new SessionNotFoundException(Operations.CreateSession, id),
        };
    }
}
