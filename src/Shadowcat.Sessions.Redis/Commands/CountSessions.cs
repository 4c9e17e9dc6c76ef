using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Counts sessions by <c>count-sessions.lua</c>. The count is exact where no entry is overdue.</summary>
internal static class CountSessions
{
    /// <summary>How many entries are answered, and reaped by one call of the script. While that reaps, for about 2 ms, the server answers no other caller.</summary>
    public const int EntriesPerStep = 100;

    private static readonly RedisScript Script = new("count-sessions");

    /// <summary>The count; or, where entries are overdue, those that have to be looked at first.</summary>
    public static async Task<(long? Live, RedisValue[] Overdue)> RunAsync(IDatabase database, RedisPartition partition)
    {
        var counted = (RedisValue[])(await Script.EvaluateAsync(database, [partition.Expiry], [EntriesPerStep]).ConfigureAwait(false))!;
        return (long)counted[0] is var live and >= 0 ? (live, []) : (null, counted[1..]);
    }
}
