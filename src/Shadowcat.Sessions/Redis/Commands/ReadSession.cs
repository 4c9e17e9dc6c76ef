using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Reads sessions by HMGET. The key's own time to live is the deadline, so what is there is alive.</summary>
internal static class ReadSession
{
    public static async Task<Session?> RunAsync(IDatabase database, RedisPartition partition, string operation, SessionId id)
    {
        var fields = await database.HashGetAsync(partition.Session(id), SessionHash.Fields).ConfigureAwait(false);
        return SessionHash.Read(operation, id, fields);
    }

    public static async Task<IReadOnlyList<Session?>> RunAsync(IDatabase database, RedisLayout layout, string operation, IReadOnlyList<SessionId> ids)
    {
        var sessions = new Session?[ids.Count];
        var fields = await Task.WhenAll(Start(database, layout, ids)).ConfigureAwait(false);
        for (var i = 0; i < sessions.Length; i++)
        {
            sessions[i] = SessionHash.Read(operation, ids[i], fields[i]);
        }

        return sessions;
    }

    /// <summary>Starts reading all of them before it waits for the first: one round trip per server.</summary>
    public static Task<RedisValue[]>[] Start(IDatabase database, RedisLayout layout, IReadOnlyList<SessionId> ids)
    {
        var reading = new Task<RedisValue[]>[ids.Count];
        for (var i = 0; i < reading.Length; i++)
        {
            reading[i] = database.HashGetAsync(layout.PartitionOf(ids[i]).Session(ids[i]), SessionHash.Fields);
        }

        return reading;
    }
}
