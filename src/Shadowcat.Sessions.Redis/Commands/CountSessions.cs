using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Counts sessions by <c>count-sessions.lua</c>. The count is exact where no entry is overdue.</summary>
internal static class CountSessions
{
    private const int OverduePerStep = 500;

    private static readonly RedisScript Script = new("count-sessions");

    /// <summary>The count; or, where entries are overdue, those that have to be looked at first.</summary>
    public static async Task<(long? Live, RedisValue[] Overdue)> RunAsync(IDatabase database, RedisPartition partition)
    {
        var counted = (RedisValue[])(await Script.EvaluateAsync(database, [partition.Expiry], [OverduePerStep]).ConfigureAwait(false))!;
        return (long)counted[0] is var live and >= 0 ? (live, []) : (null, counted[1..]);
    }
}
