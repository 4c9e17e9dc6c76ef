using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Reads sessions by HGETALL. The key's own time to live is the deadline, so what is there is alive.</summary>
internal static class ReadSession
{
    public static async Task<Session?> RunAsync(IDatabase database, RedisPartition partition, string operation, SessionId id)
    {
        var hash = await database.HashGetAllAsync(partition.Session(id)).ConfigureAwait(false);
        return hash.Length == 0 ? null : SessionHash.Read(operation, id, hash);
    }

    public static async Task<IReadOnlyList<Session?>> RunAsync(IDatabase database, RedisLayout layout, string operation, IReadOnlyList<SessionId> ids)
    {
        var sessions = new Session?[ids.Count];
        var hashes = await Task.WhenAll(Start(database, layout, ids)).ConfigureAwait(false);
        for (var i = 0; i < sessions.Length; i++)
        {
            sessions[i] = hashes[i].Length == 0 ? null : SessionHash.Read(operation, ids[i], hashes[i]);
        }

        return sessions;
    }

    /// <summary>Starts reading all of them before it waits for the first: one round trip per server.</summary>
    public static Task<HashEntry[]>[] Start(IDatabase database, RedisLayout layout, IReadOnlyList<SessionId> ids)
    {
        var reading = new Task<HashEntry[]>[ids.Count];
        for (var i = 0; i < reading.Length; i++)
        {
            reading[i] = database.HashGetAllAsync(layout.PartitionOf(ids[i]).Session(ids[i]));
        }

        return reading;
    }
}
