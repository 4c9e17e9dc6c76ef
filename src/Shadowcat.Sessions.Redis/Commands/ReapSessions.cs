using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Looks at entries of the indexes by <c>reap-sessions.lua</c>: removes those whose session is gone, and corrects those of live sessions.</summary>
internal static class ReapSessions
{
    private static readonly RedisScript Script = new("reap-sessions");

    /// <summary>How long the server keeps what was removed, for a repetition whose first reply was lost.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    /// <summary>Looks at entries. However often it is tried, a session is removed once.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="operation">What makes a repetition the same call.</param>
    /// <param name="previous">The operation before, whose reply has come.</param>
    /// <param name="entries">The entries.</param>
    /// <returns>The sessions that this call, and no other, removed. Foreign entries are removed too, but are no sessions.</returns>
    public static async Task<IReadOnlyList<SessionId>> RunAsync(
        IDatabase database, RedisPartition partition, string operation, string previous, RedisValue[] entries)
    {
        RedisKey[] keys = [partition.Active, partition.Expiry, partition.Index, partition.Reaped(operation), partition.Reaped(previous)];
        var reaped = (RedisValue[])(await Script.EvaluateAsync(
            database, [.. keys, .. entries.Select(partition.Session)], [(long)Kept.TotalMilliseconds, .. entries]).ConfigureAwait(false))!;
        return [.. reaped.Select(id => SessionId.TryParse(id.ToString(), null, out var parsed) ? parsed : default).Where(id => !id.IsDefault)];
    }
}
