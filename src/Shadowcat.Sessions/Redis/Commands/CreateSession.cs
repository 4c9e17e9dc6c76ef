using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Creates a session by <c>create-session.lua</c>.</summary>
internal static class CreateSession
{
    private static readonly RedisScript Script = new("create-session");

    public static async Task<Session> RunAsync(IDatabase database, RedisPartition partition, Session session, long firstSequence, SessionStoreOptions options)
    {
        var id = session.Id;
        var reply = await Script.EvaluateAsync(
            database,
            [partition.Session(id), partition.Frames(id, ListNames.First), partition.Active, partition.Expiry, partition.Index, partition.Tombstone(id)],
            [
                id.Value,
                SessionHash.Generation(session),
                SessionHash.Lifetime(session.TimeToLive ?? options.TimeToLive),
                SessionHash.Lifetime(session.MaxLifetime ?? options.MaxLifetime),
                session.CreatedAt == default ? RedisValue.EmptyString : session.CreatedAt.ToUnixTimeMilliseconds(),
                SessionHash.Format,
                firstSequence,
                ListNames.First,
                ListNames.New(),
                partition.Changes,
                OwnedPart.Pack(session),
            ]).ConfigureAwait(false);
        return (string?)reply[0] switch
        {
            "created" => SessionHash.Complete(session, options, ((RedisValue[])reply!).AsSpan(1)),
            "same" => await ReadSessions.RunAsync(database, partition, Operations.CreateSession, id).ConfigureAwait(false)
                ?? throw new SessionNotFoundException(Operations.CreateSession, id),
            "exists" => throw new SessionAlreadyExistsException(Operations.CreateSession, id),
            _ => throw new SessionNotFoundException(Operations.CreateSession, id),
        };
    }
}
