using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Reads sessions by LLEN and HMGET. The key's own time to live is the deadline, so what is there is alive.</summary>
/// <remarks>
/// The length comes first: a list that still has the name it was read under when the hash is read had that name all the while, and what places in it
/// mean did not change in between. Where it has another name, the session is read again.
/// </remarks>
internal static class ReadSession
{
    public static async Task<Session?> RunAsync(IDatabase database, RedisPartition partition, string operation, SessionId id) =>
        await Start(database, partition, id).ReadAsync(database, partition, operation, id).ConfigureAwait(false);

    public static async Task<IReadOnlyList<Session?>> RunAsync(IDatabase database, RedisLayout layout, string operation, IReadOnlyList<SessionId> ids)
    {
        var sessions = new Session?[ids.Count];
        var reading = Start(database, layout, ids);
        await Task.WhenAll(reading.SelectMany(session => new Task[] { session.Frames, session.Fields })).ConfigureAwait(false);
        for (var i = 0; i < sessions.Length; i++)
        {
            sessions[i] = await reading[i].ReadAsync(database, layout.PartitionOf(ids[i]), operation, ids[i]).ConfigureAwait(false);
        }

        return sessions;
    }

    /// <summary>Starts reading all of them before it waits for the first: one round trip per server.</summary>
    public static SessionReading[] Start(IDatabase database, RedisLayout layout, IReadOnlyList<SessionId> ids)
    {
        var reading = new SessionReading[ids.Count];
        for (var i = 0; i < reading.Length; i++)
        {
            reading[i] = Start(database, layout.PartitionOf(ids[i]), ids[i]);
        }

        return reading;
    }

    public static SessionReading Start(IDatabase database, RedisPartition partition, SessionId id)
    {
        var list = partition.Lists.Of(id);
        return new SessionReading(
            list, database.ListLengthAsync(partition.Frames(id, list)), database.HashGetAsync(partition.Session(id), SessionHash.Fields));
    }
}
