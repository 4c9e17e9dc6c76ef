using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Counts and reaps by <c>count-sessions.lua</c> and <c>reap-sessions.lua</c>: what is overdue is looked at before it is counted.</summary>
internal static class CountSessions
{
    private const int OverduePerStep = 500;

    private static readonly RedisScript Count = new("count-sessions");
    private static readonly RedisScript Reap = new("reap-sessions");

    /// <summary>One step: the count where nothing is overdue, else null and the ids of expired sessions this step took out of the index.</summary>
    public static async Task<(long? Live, IReadOnlyList<SessionId> Reaped)> StepAsync(IDatabase database, RedisPartition partition)
    {
        var counted = (RedisValue[])(await Count.EvaluateAsync(database, [partition.Expiry], [OverduePerStep]).ConfigureAwait(false))!;
        if ((long)counted[0] is var live and >= 0)
        {
            return (live, []);
        }

        var overdue = counted[1..];
        var reaped = (RedisValue[])(await Reap.EvaluateAsync(
            database,
            [partition.Active, partition.Expiry, partition.Index, partition.Writers, .. overdue.Select(partition.Session)],
            overdue).ConfigureAwait(false))!;

        // What somebody else put among the ids is taken out with the expired ones, but was no session.
        return (null, [.. reaped.Select(id => SessionId.TryParse(id.ToString(), null, out var parsed) ? parsed : default).Where(id => !id.IsDefault)]);
    }
}
