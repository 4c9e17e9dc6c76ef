using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Reads sessions as part of other calls, or many at once.</summary>
internal static class ReadSession
{
    public static ValueTask<Session?> RunAsync(IDatabase database, RedisPartition partition, string operation, SessionId id) =>
        SessionReading.Start(database, partition, id).ReadAsync(database, operation);

    public static async Task<IReadOnlyList<Session?>> RunAsync(IDatabase database, RedisLayout layout, string operation, IReadOnlyList<SessionId> ids)
    {
        var sessions = new Session?[ids.Count];
        var readings = Start(database, layout, ids);
        for (var i = 0; i < sessions.Length; i++)
        {
            try
            {
                sessions[i] = await readings[i].ReadAsync(database, operation).ConfigureAwait(false);
            }
            catch
            {
                SessionReading.Forget(readings.AsSpan(i + 1));
                throw;
            }
        }

        return sessions;
    }

    /// <summary>Starts reading all of them before it waits for the first: one round trip per server.</summary>
    public static SessionReading[] Start(IDatabase database, RedisLayout layout, IReadOnlyList<SessionId> ids)
    {
        var readings = new SessionReading[ids.Count];
        for (var i = 0; i < readings.Length; i++)
        {
            readings[i] = SessionReading.Start(database, layout.PartitionOf(ids[i]), ids[i]);
        }

        return readings;
    }
}
